// From decoded samples to the audio that is shown: pure, so that it can be tested without
// a decoder.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "services/core/error.hpp"

namespace agon::systems {

// Every output is written like this.
inline constexpr unsigned shown_rate = 24'000;
// EBU R 128's level. Of the speech systems at hand the largest distance between loudness
// and true peak is 22 dB, so that here all reach it without limiting; at -20 three would not.
inline constexpr double shown_lufs = -23.0;
inline constexpr double largest_true_peak = 0.8912509381337456;  // -1 dBTP
// Silence before and after: so much, and at random up to so much more.
inline constexpr std::size_t shown_padding = shown_rate * 15 / 100;
inline constexpr std::size_t varied_padding = shown_rate * 5 / 100;
inline constexpr std::size_t least_audible = shown_rate / 5;  // 0.2 s
inline constexpr std::size_t waveform_columns = 200;

struct normalised_audio {
  std::string wav;
  double seconds = 0;
  double loudness_lufs = 0;
  std::vector<std::uint8_t> peaks;
};

// Mono samples at shown_rate, full scale ±1. Synthesisers give the same sound for the same
// sentence; `seed`, unpredictable and another one for each output, varies the silence
// around it and the noise below it, so that neither bytes nor length come again. The gain is
// linear: quieter than shown_lufs only where the true peak would pass its limit.
// errc::system_failed for silence, samples that are not finite, and less than 0.2 s of sound.
[[nodiscard]] result<normalised_audio> normalise(std::span<const float> samples,
                                                 std::uint64_t seed);

}  // namespace agon::systems

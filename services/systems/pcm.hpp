// Arithmetic on decoded audio: mono samples, full scale ±1. All functions are pure; the
// same samples give the same answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace agon::systems::pcm {

// Integrated loudness in LUFS: K-weighting and two-stage gating of ITU-R BS.1770-4, in
// blocks of 400 ms that overlap by 75 %. A clip shorter than a block is one block.
// -infinity for silence. O(samples).
[[nodiscard]] double loudness(std::span<const float> samples, unsigned rate);

// Largest magnitude between and at the samples (4-fold oversampling, BS.1770-4 annex 2).
[[nodiscard]] double true_peak(std::span<const float> samples);

struct range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// From the first to the last sample that can be heard: within moments (10 ms) louder than
// 50 dB below the loudest and than -65 dBFS. Nothing if there is none.
[[nodiscard]] std::optional<range> audible(std::span<const float> samples, unsigned rate);

// How many samples of silence stand before and after the sound.
struct padding {
  std::size_t before = 0;
  std::size_t after = 0;
};

// The samples with the audible part moved to exactly so many from both ends. Up to 20 ms
// around it are kept, faded; the rest of the padding is digital silence.
[[nodiscard]] std::vector<float> with_padding(std::span<const float> samples, range heard,
                                              padding pad, unsigned rate);

// Rounded to 16 bits with triangular dither of one step either way, from a generator that
// starts at `seed`.
[[nodiscard]] std::vector<std::int16_t> quantised(std::span<const float> samples, double gain,
                                                  std::uint64_t seed);

// The largest magnitude in each of `columns` equal parts, 255 for the largest of all.
[[nodiscard]] std::vector<std::uint8_t> waveform(std::span<const std::int16_t> samples,
                                                 std::size_t columns);

// A RIFF file of 16-bit mono PCM: 44 bytes of header and the samples, nothing else.
[[nodiscard]] std::string wav_bytes(std::span<const std::int16_t> samples, unsigned rate);

}  // namespace agon::systems::pcm

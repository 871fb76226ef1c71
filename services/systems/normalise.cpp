#include "services/systems/normalise.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "services/systems/pcm.hpp"

namespace agon::systems {

result<normalised_audio> normalise(std::span<const float> samples, std::uint64_t seed) {
  const auto finite = [](float s) { return std::isfinite(s); };
  if (!std::all_of(samples.begin(), samples.end(), finite)) {
    return fail(errc::system_failed, "The system's audio is damaged.");
  }
  const auto heard = pcm::audible(samples, shown_rate);
  if (!heard) return fail(errc::system_failed, "The system said nothing.");
  if (heard->end - heard->begin < least_audible) {
    return fail(errc::system_failed, "The system's audio is too short.");
  }
  std::mt19937_64 random(seed);
  const pcm::padding pad{shown_padding + random() % varied_padding,
                         shown_padding + random() % varied_padding};
  const auto padded = pcm::with_padding(samples, *heard, pad, shown_rate);
  const double measured = pcm::loudness(padded, shown_rate);
  if (!std::isfinite(measured)) return fail(errc::system_failed, "The system said nothing.");
  const double wanted = std::pow(10.0, (shown_lufs - measured) / 20.0);
  const double gain = std::min(wanted, largest_true_peak / pcm::true_peak(padded));

  normalised_audio made;
  const auto pcm16 = pcm::quantised(padded, gain, random());
  made.seconds = static_cast<double>(pcm16.size()) / shown_rate;
  made.loudness_lufs = measured + 20.0 * std::log10(gain);
  made.peaks = pcm::waveform(pcm16, waveform_columns);
  made.wav = pcm::wav_bytes(pcm16, shown_rate);
  return made;
}

}  // namespace agon::systems

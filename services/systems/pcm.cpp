#include "services/systems/pcm.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace agon::systems::pcm {
namespace {

constexpr double below_loudest = 0.0031622776601683794;  // -50 dB
constexpr double floor_level = 5.623413251903491e-4;     // -65 dBFS

std::vector<double> levels(std::span<const float> samples, std::size_t window) {
  std::vector<double> rms;
  for (std::size_t at = 0; at < samples.size(); at += window) {
    const auto part = samples.subspan(at, std::min(window, samples.size() - at));
    double sum = 0;
    for (const float s : part) sum += static_cast<double>(s) * static_cast<double>(s);
    rms.push_back(std::sqrt(sum / static_cast<double>(part.size())));
  }
  return rms;
}

void put(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
}

}  // namespace

std::optional<range> audible(std::span<const float> samples, unsigned rate) {
  const std::size_t window = std::max<std::size_t>(rate / 100, 1);
  const auto rms = levels(samples, window);
  if (rms.empty()) return std::nullopt;
  const double loudest = *std::max_element(rms.begin(), rms.end());
  const double threshold = std::max(loudest * below_loudest, floor_level);
  const auto heard = [&](double level) { return level > threshold; };
  const auto first = std::find_if(rms.begin(), rms.end(), heard);
  if (first == rms.end()) return std::nullopt;
  const auto last = std::find_if(rms.rbegin(), rms.rend(), heard);
  range out{static_cast<std::size_t>(first - rms.begin()) * window,
            std::min(static_cast<std::size_t>(rms.rend() - last) * window, samples.size())};
  // To the sample: where a window begins depends on how long a system was silent before.
  const auto quiet = [&](float s) { return std::abs(static_cast<double>(s)) <= threshold; };
  while (out.begin < out.end && quiet(samples[out.begin])) ++out.begin;
  while (out.begin < out.end && quiet(samples[out.end - 1])) --out.end;
  return out;
}

std::vector<float> with_padding(std::span<const float> samples, range heard, padding pad,
                                unsigned rate) {
  const std::size_t margin = rate / 50;
  const std::size_t before = std::min({margin, pad.before, heard.begin});
  const std::size_t after = std::min({margin, pad.after, samples.size() - heard.end});
  std::vector<float> out(heard.end - heard.begin + pad.before + pad.after, 0.0F);
  const auto kept = samples.subspan(heard.begin - before, heard.end - heard.begin + before + after);
  const auto start = out.begin() + static_cast<std::ptrdiff_t>(pad.before - before);
  std::copy(kept.begin(), kept.end(), start);
  for (std::size_t i = 0; i < before; ++i) {
    start[static_cast<std::ptrdiff_t>(i)] *= static_cast<float>(i) / static_cast<float>(before);
  }
  for (std::size_t i = 0; i < after; ++i) {
    start[static_cast<std::ptrdiff_t>(kept.size() - 1 - i)] *=
        static_cast<float>(i) / static_cast<float>(after);
  }
  return out;
}

std::vector<std::int16_t> quantised(std::span<const float> samples, double gain,
                                    std::uint64_t seed) {
  std::vector<std::int16_t> out;
  out.reserve(samples.size());
  std::mt19937_64 random(seed);
  for (const float s : samples) {
    const std::uint64_t drawn = random();
    const double dither = static_cast<double>(drawn >> 40U) * 0x1p-24 -
                          static_cast<double>(drawn & 0xffffffU) * 0x1p-24;
    const double scaled =
        std::clamp(static_cast<double>(s) * gain * 32767.0 + dither, -32768.0, 32767.0);
    out.push_back(static_cast<std::int16_t>(std::lround(scaled)));
  }
  return out;
}

std::vector<std::uint8_t> waveform(std::span<const std::int16_t> samples, std::size_t columns) {
  std::vector<int> peaks(columns, 0);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    int& peak = peaks[i * columns / samples.size()];
    peak = std::max(peak, std::abs(static_cast<int>(samples[i])));
  }
  const int loudest = std::max(1, *std::max_element(peaks.begin(), peaks.end()));
  std::vector<std::uint8_t> scaled;
  scaled.reserve(columns);
  for (const int peak : peaks) scaled.push_back(static_cast<std::uint8_t>(peak * 255 / loudest));
  return scaled;
}

std::string wav_bytes(std::span<const std::int16_t> samples, unsigned rate) {
  const auto data = static_cast<std::uint32_t>(samples.size() * 2);
  std::string out;
  out.reserve(44 + data);
  out += "RIFF";
  put(out, 36 + data, 4);
  out += "WAVEfmt ";
  put(out, 16, 4);
  put(out, 1, 2);  // PCM
  put(out, 1, 2);  // mono
  put(out, rate, 4);
  put(out, rate * 2, 4);
  put(out, 2, 2);
  put(out, 16, 2);
  out += "data";
  put(out, data, 4);
  for (const std::int16_t s : samples) put(out, static_cast<std::uint16_t>(s), 2);
  return out;
}

}  // namespace agon::systems::pcm

// Loudness and true peak after Recommendation ITU-R BS.1770-4. The filters are given there
// for 48 kHz; for other rates their analogue prototypes are transformed again, as in
// libebur128 (De Man, "Evaluation of implementations of the EBU R128 loudness measurement").
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "services/systems/pcm.hpp"

namespace agon::systems::pcm {
namespace {

struct biquad {
  double b0, b1, b2, a1, a2;
  double z1 = 0, z2 = 0;

  double step(double x) {
    const double y = b0 * x + z1;
    z1 = b1 * x - a1 * y + z2;
    z2 = b2 * x - a2 * y;
    return y;
  }
};

// Stage 1: the head as a sphere, a high shelf.
biquad shelf(double rate) {
  constexpr double frequency = 1681.974450955533;
  constexpr double gain_db = 3.999843853973347;
  constexpr double q = 0.7071752369554196;
  const double k = std::tan(std::numbers::pi * frequency / rate);
  const double vh = std::pow(10.0, gain_db / 20.0);
  const double vb = std::pow(vh, 0.4996667741545416);
  const double a0 = 1.0 + k / q + k * k;
  return {(vh + vb * k / q + k * k) / a0, 2.0 * (k * k - vh) / a0, (vh - vb * k / q + k * k) / a0,
          2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0};
}

// Stage 2: a high pass.
biquad high_pass(double rate) {
  constexpr double frequency = 38.13547087602444;
  constexpr double q = 0.5003270373238773;
  const double k = std::tan(std::numbers::pi * frequency / rate);
  const double a0 = 1.0 + k / q + k * k;
  return {1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0};
}

double lufs(double mean_square) {
  if (mean_square <= 0) return -std::numeric_limits<double>::infinity();
  return -0.691 + 10.0 * std::log10(mean_square);
}

// Mean square of each block, K-weighted.
std::vector<double> blocks(std::span<const float> samples, unsigned rate) {
  biquad first = shelf(rate);
  biquad second = high_pass(rate);
  const std::size_t step = std::max<std::size_t>(rate / 10, 1);
  std::vector<double> steps;
  double sum = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double y = second.step(first.step(static_cast<double>(samples[i])));
    sum += y * y;
    if ((i + 1) % step == 0) {
      steps.push_back(sum);
      sum = 0;
    }
  }
  if (steps.size() < 4) {
    for (const double s : steps) sum += s;  // beside the part that fills no step
    return {sum / static_cast<double>(std::max<std::size_t>(samples.size(), 1))};
  }
  std::vector<double> means;
  for (std::size_t i = 0; i + 4 <= steps.size(); ++i) {
    means.push_back((steps[i] + steps[i + 1] + steps[i + 2] + steps[i + 3]) /
                    static_cast<double>(4 * step));
  }
  return means;
}

double mean_above(const std::vector<double>& means, double threshold_lufs) {
  double sum = 0;
  std::size_t count = 0;
  for (const double m : means) {
    if (lufs(m) <= threshold_lufs) continue;
    sum += m;
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

constexpr std::size_t oversampling = 4;
constexpr std::size_t taps = 12;  // of each phase
constexpr std::size_t centre = taps / 2 - 1;

using phases = std::array<std::array<double, taps>, oversampling>;

// Interpolation by a windowed sinc; phase 0 gives the samples themselves.
phases interpolators() {
  phases all{};
  for (std::size_t p = 0; p < oversampling; ++p) {
    double sum = 0;
    for (std::size_t t = 0; t < taps; ++t) {
      const double x = static_cast<double>(t) - static_cast<double>(centre) -
                       static_cast<double>(p) / oversampling;
      const double sinc = x == 0 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
      const double window = std::pow(std::cos(std::numbers::pi * x / (taps + 1)), 2);
      all[p][t] = sinc * window;
      sum += all[p][t];
    }
    for (double& tap : all[p]) tap /= sum;
  }
  return all;
}

}  // namespace

double loudness(std::span<const float> samples, unsigned rate) {
  const auto means = blocks(samples, rate);
  const double ungated = mean_above(means, -70.0);
  if (ungated <= 0) return -std::numeric_limits<double>::infinity();
  return lufs(mean_above(means, std::max(lufs(ungated) - 10.0, -70.0)));
}

double true_peak(std::span<const float> samples) {
  const phases filters = interpolators();
  std::array<double, taps> history{};
  double peak = 0;
  for (std::size_t i = 0; i < samples.size() + taps; ++i) {
    std::rotate(history.begin(), history.begin() + 1, history.end());
    history.back() = i < samples.size() ? static_cast<double>(samples[i]) : 0.0;
    for (const auto& filter : filters) {
      double y = 0;
      for (std::size_t t = 0; t < taps; ++t) y += filter[t] * history[t];
      peak = std::max(peak, std::abs(y));
    }
  }
  return peak;
}

}  // namespace agon::systems::pcm

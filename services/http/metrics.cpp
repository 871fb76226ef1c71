#include "services/http/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace agon::metrics {

void counter::add(double amount) const {
  if (series_ != nullptr) static_cast<prometheus::Counter*>(series_)->Increment(amount);
}

void gauge::set(double value) const {
  if (series_ != nullptr) static_cast<prometheus::Gauge*>(series_)->Set(value);
}

void gauge::add(double amount) const {
  if (series_ != nullptr) static_cast<prometheus::Gauge*>(series_)->Increment(amount);
}

void histogram::observe(double value) const {
  if (series_ != nullptr) static_cast<prometheus::Histogram*>(series_)->Observe(value);
}

const std::vector<double>& latency_buckets() {
  static const std::vector<double> bounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                             0.25,   0.5,   1,      2.5,   5,    10,    30};
  return bounds;
}

struct registry::series {
  prometheus::Registry families{prometheus::Registry::InsertBehavior::Merge};
  mutable std::mutex mutex;  // guards refreshers
  std::vector<std::function<void()>> refreshers;
};

registry::registry() : series_(std::make_unique<series>()) {}
registry::~registry() = default;

counter registry::make_counter(const std::string& name, const std::string& help,
                               const labels& with) {
  auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(series_->families);
  counter out;
  out.series_ = &family.Add(with);
  return out;
}

gauge registry::make_gauge(const std::string& name, const std::string& help, const labels& with) {
  auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(series_->families);
  gauge out;
  out.series_ = &family.Add(with);
  return out;
}

histogram registry::make_histogram(const std::string& name, const std::string& help,
                                   const labels& with, const std::vector<double>& bounds) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(series_->families);
  histogram out;
  out.series_ = &family.Add(with, bounds);
  return out;
}

void registry::before_scrape(std::function<void()> refresh) {
  const std::lock_guard lock(series_->mutex);
  series_->refreshers.push_back(std::move(refresh));
}

std::string registry::text() const {
  {
    const std::lock_guard lock(series_->mutex);
    for (const auto& refresh : series_->refreshers) refresh();
  }
  return prometheus::TextSerializer{}.Serialize(series_->families.Collect());
}

}  // namespace agon::metrics

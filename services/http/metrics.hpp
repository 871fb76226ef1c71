// Counts and durations for Prometheus. A handle is resolved once and then costs an
// atomic addition; handles are values, and valid as long as their registry.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace agon::metrics {

// Values must come from a small fixed set: never an id, an address or text of users.
using labels = std::map<std::string, std::string>;

// A handle made by default counts nothing. All handles are safe from any thread.
class counter {
 public:
  void add(double amount = 1.0) const;

 private:
  friend class registry;
  void* series_ = nullptr;
};

class gauge {
 public:
  void set(double value) const;
  void add(double amount) const;

 private:
  friend class registry;
  void* series_ = nullptr;
};

class histogram {
 public:
  void observe(double value) const;

 private:
  friend class registry;
  void* series_ = nullptr;
};

// Bucket bounds in seconds for requests and queries: 0.5 ms to 30 s.
[[nodiscard]] const std::vector<double>& latency_buckets();

class registry {
 public:
  registry();
  ~registry();
  registry(const registry&) = delete;
  registry& operator=(const registry&) = delete;

  // Asking twice for the same name and labels gives the same series. Throws
  // std::invalid_argument for a name that Prometheus refuses, or one that is taken by
  // another type. Names start with "agon_"; counters end with "_total".
  [[nodiscard]] counter make_counter(const std::string& name, const std::string& help,
                                     const labels& with = {});
  [[nodiscard]] gauge make_gauge(const std::string& name, const std::string& help,
                                 const labels& with = {});
  [[nodiscard]] histogram make_histogram(const std::string& name, const std::string& help,
                                         const labels& with = {},
                                         const std::vector<double>& bounds = latency_buckets());

  // Called before each text(), from the thread that asks: sets gauges of things that
  // are cheaper to read than to follow, such as the length of a queue.
  void before_scrape(std::function<void()> refresh);

  // The text exposition format, version 0.0.4. Safe from any thread.
  [[nodiscard]] std::string text() const;

 private:
  struct series;
  std::unique_ptr<series> series_;
};

}  // namespace agon::metrics

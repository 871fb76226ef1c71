// Dense symmetric systems and products, compiled once for all that fits: each of Eigen's
// takes the compiler seconds in every source that uses it. Inside the library only.
#pragma once

#include <Eigen/Core>
#include <memory>

namespace agon::ratings {

// A = LLᵀ of a symmetric matrix, of which the lower triangle is read.
class cholesky {
 public:
  cholesky();
  explicit cholesky(const Eigen::MatrixXd& a);
  ~cholesky();
  cholesky(cholesky&&) noexcept;
  cholesky& operator=(cholesky&&) noexcept;

  // False if A is not positive definite: then the rest means nothing.
  bool compute(const Eigen::MatrixXd& a);
  [[nodiscard]] bool positive_definite() const;

  [[nodiscard]] Eigen::VectorXd solve(const Eigen::VectorXd& b) const;
  [[nodiscard]] Eigen::MatrixXd solve(const Eigen::MatrixXd& b) const;
  [[nodiscard]] Eigen::MatrixXd inverse() const;
  // L in the lower triangle; above it what A had there.
  [[nodiscard]] const Eigen::MatrixXd& factor() const;
  [[nodiscard]] Eigen::MatrixXd lower() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// A b where A is symmetric but need not be positive definite (LDLᵀ).
[[nodiscard]] Eigen::VectorXd solve_symmetric(const Eigen::MatrixXd& a, const Eigen::VectorXd& b);

[[nodiscard]] Eigen::VectorXd product(const Eigen::MatrixXd& a, const Eigen::VectorXd& b);
[[nodiscard]] Eigen::MatrixXd product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

}  // namespace agon::ratings

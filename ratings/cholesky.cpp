#include "ratings/cholesky.hpp"

#include <Eigen/Cholesky>

namespace agon::ratings {

using Eigen::MatrixXd;
using Eigen::VectorXd;

struct cholesky::impl {
  Eigen::LLT<MatrixXd> llt;
};

cholesky::cholesky() : impl_(std::make_unique<impl>()) {}
cholesky::cholesky(const MatrixXd& a) : cholesky() {
  compute(a);
}
cholesky::~cholesky() = default;
cholesky::cholesky(cholesky&&) noexcept = default;
cholesky& cholesky::operator=(cholesky&&) noexcept = default;

bool cholesky::compute(const MatrixXd& a) {
  impl_->llt.compute(a);
  return positive_definite();
}
bool cholesky::positive_definite() const {
  return impl_->llt.info() == Eigen::Success;
}

VectorXd cholesky::solve(const VectorXd& b) const {
  return impl_->llt.solve(b);
}
MatrixXd cholesky::solve(const MatrixXd& b) const {
  return impl_->llt.solve(b);
}
MatrixXd cholesky::inverse() const {
  const Eigen::Index n = factor().rows();
  return solve(MatrixXd(MatrixXd::Identity(n, n)));
}
const MatrixXd& cholesky::factor() const {
  return impl_->llt.matrixLLT();
}
MatrixXd cholesky::lower() const {
  return impl_->llt.matrixL();
}

VectorXd solve_symmetric(const MatrixXd& a, const VectorXd& b) {
  return Eigen::LDLT<MatrixXd>(a).solve(b);
}
VectorXd product(const MatrixXd& a, const VectorXd& b) {
  return a * b;
}
MatrixXd product(const MatrixXd& a, const MatrixXd& b) {
  return a * b;
}

}  // namespace agon::ratings

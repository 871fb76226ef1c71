// For the ratings: see cmake/headers.cmake. Included by no source.
#pragma once

#include <Eigen/Cholesky>
#include <Eigen/LU>

#include "cmake/headers/plain.hpp"

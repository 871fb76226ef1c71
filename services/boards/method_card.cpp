#include "services/boards/method_card.hpp"

namespace agon::boards {

method_card card_of(ratings::method m) {
  using ratings::method;
  switch (m) {
    case method::elo:
      return {"p = 1 / (1 + 10^((R_b − R_a) / 400)); R_a += K (s − p), R_b −= K (s − p)",
              "Elo 1978; defaults of FastChat", false, false, true};
    case method::davidson:
      return {"P(a) : P(b) : P(tie) = e^((θ_a − θ_b)/2) : e^((θ_b − θ_a)/2) : ν",
              "Davidson 1970, J. Am. Stat. Assoc. 65:317",
              true,
              true,
              false,
              {"nu"}};
    case method::rao_kupper:
      return {"P(a) = σ(θ_a − θ_b − η), P(b) = σ(θ_b − θ_a − η), P(tie) = the rest",
              "Rao & Kupper 1967, J. Am. Stat. Assoc. 62:194",
              true,
              true,
              false,
              {"eta"}};
    case method::grounded_rao_kupper:
      return {
          "π = e^θ, t = e^η + 1.000001: P(a) = π_a / (π_a + t π_b + 1), "
          "P(both bad) = 1 / (1 + π_a + π_b), P(tie) = the rest",
          "Frick et al. 2025, Prompt-to-Leaderboard",
          true,
          true,
          false,
          {"eta", "theta_prime", "ground_score"}};
    case method::contextual:
      return {
          "P(a beats b) = σ(θ_a − θ_b + xᵀβ + s), σ(z) = 1 / (1 + e^(−z)); a tie is half a win "
          "for each; x: how the outputs differ in style, s: the side",
          "Li et al. 2024, Does style matter?; intervals: Huber 1967",
          false,
          true,
          false,
          {"side"}};
    default:
      return {"P(a beats b) = σ(θ_a − θ_b), σ(z) = 1 / (1 + e^(−z)); a tie is half a win for each",
              "Zermelo 1929; Bradley & Terry 1952; intervals: Huber 1967"};
  }
}

}  // namespace agon::boards

//! Student's t distribution, for any positive number of degrees of freedom.

use libm::lgamma;

/// Terms after which the continued fraction has long converged: it needs about the root of the larger parameter.
const MOST_TERMS: i32 = 10_000;

/// The smallest that a term of the fraction may be, so that none is divided by nothing.
const TINY: f64 = 1e-300;

/// The probability that `t` or more, in either direction, comes about by chance.
pub fn student_p(t: f64, freedom: f64) -> f64 {
    let square = t * t;
    if square.is_infinite() { 0.0 } else { incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + square)) }
}

/// The `t` that is reached in either direction with that probability.
pub fn student_quantile(p: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while student_p(high, freedom) > p {
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if student_p(middle, freedom) > p {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The regularised incomplete beta function (Abramowitz and Stegun, 26.5.8), with the symmetry 26.5.2 where the
/// fraction would converge slowly.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front = (lgamma(a + b) - lgamma(a) - lgamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

/// The continued fraction by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let nonzero = |term: f64| if term.abs() < TINY { TINY } else { term };
    let (mut above, mut below) = (1.0, 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0)));
    let mut product = below;
    for term in 1..MOST_TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for coefficient in [even, odd] {
            below = 1.0 / nonzero(1.0 + coefficient * below);
            above = nonzero(1.0 + coefficient / above);
            change = above * below;
            product *= change;
        }
        if (change - 1.0).abs() < 1e-14 {
            break;
        }
    }
    product
}

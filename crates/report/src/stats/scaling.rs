//! Laws of scaling.

/// Karp and Flatt's experimentally determined serial fraction ("Measuring Parallel Processor Performance",
/// 1990) of a speedup on `processors`: `(1/S - 1/P) / (1 - 1/P)`. `None` on a single processor.
pub fn karp_flatt(speedup: f64, processors: usize) -> Option<f64> {
    let share = 1.0 / processors as f64;
    (processors > 1).then(|| (1.0 / speedup - share) / (1.0 - share))
}

/// Gunther's Universal Scalability Law, `X(N) = gamma N / (1 + alpha (N - 1) + beta N (N - 1))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usl {
    /// Contention: the share of work that queues.
    pub alpha: f64,
    /// Coherence: the price of every pair of workers that must agree.
    pub beta: f64,
    /// Throughput of one worker.
    pub gamma: f64,
}

impl Usl {
    /// Throughput of `n` workers.
    pub fn throughput(&self, n: f64) -> f64 {
        self.gamma * n / (1.0 + self.alpha * (n - 1.0) + self.beta * n * (n - 1.0))
    }

    /// Number of workers with the greatest throughput, `sqrt((1 - alpha) / beta)`. `None` when more always help.
    pub fn peak(&self) -> Option<f64> {
        (self.beta > 0.0 && self.alpha < 1.0).then(|| ((1.0 - self.alpha) / self.beta).sqrt())
    }

    /// Derivatives of the throughput of `n` workers by alpha, beta and gamma.
    fn gradient(&self, n: f64) -> [f64; 3] {
        let x = self.throughput(n);
        let slope = -x * x / (self.gamma * n);
        [slope * (n - 1.0), slope * n * (n - 1.0), x / self.gamma]
    }

    fn squared_error(&self, points: &[(f64, f64)]) -> f64 {
        points.iter().map(|&(n, x)| (x - self.throughput(n)).powi(2)).sum()
    }
}

/// Fits the law to `(workers, throughput)` by nonlinear least squares (Gauss–Newton with halved steps, from
/// the linear fit of `N/X`). All three parameters are free, as in R's `usl`. `None` for fewer than three
/// different numbers of workers, for throughputs that are not positive, or when the fit does not settle.
pub fn fit_usl(points: &[(f64, f64)]) -> Option<Usl> {
    let mut law = linear_fit(points)?;
    for _ in 0..100 {
        let rows = points.iter().map(|&(n, x)| (law.gradient(n), x - law.throughput(n)));
        let step = least_squares(rows)?;
        let Some(next) = descend(&law, step, points) else { return Some(law) };
        law = next;
    }
    None
}

/// The first of ever shorter steps that lowers the error. `None` at the optimum, where none does.
fn descend(law: &Usl, step: [f64; 3], points: &[(f64, f64)]) -> Option<Usl> {
    let error = law.squared_error(points);
    (0..40)
        .map(|halvings| 0.5f64.powi(halvings))
        .map(|length| Usl {
            alpha: law.alpha + length * step[0],
            beta: law.beta + length * step[1],
            gamma: law.gamma + length * step[2],
        })
        .find(|next| next.squared_error(points) < error)
}

/// `N/X = 1/gamma + (alpha/gamma) (N - 1) + (beta/gamma) N (N - 1)` is linear in its three coefficients.
fn linear_fit(points: &[(f64, f64)]) -> Option<Usl> {
    if points.iter().any(|&(n, x)| n <= 0.0 || x <= 0.0) {
        return None;
    }
    let rows = points.iter().map(|&(n, x)| ([1.0, n - 1.0, n * (n - 1.0)], n / x));
    let [inverse, contention, coherence] = least_squares(rows)?;
    (inverse > 0.0).then(|| Usl {
        alpha: contention / inverse,
        beta: coherence / inverse,
        gamma: 1.0 / inverse,
    })
}

/// Solves the normal equations of `row · b = value` after scaling every column to length 1. `None` when
/// columns depend on each other.
fn least_squares(rows: impl Iterator<Item = ([f64; 3], f64)>) -> Option<[f64; 3]> {
    let (mut products, mut right) = ([[0.0; 3]; 3], [0.0; 3]);
    for (row, value) in rows {
        for i in 0..3 {
            right[i] += row[i] * value;
            for j in 0..3 {
                products[i][j] += row[i] * row[j];
            }
        }
    }
    let scale = [0, 1, 2].map(|i| products[i][i].sqrt());
    for i in 0..3 {
        right[i] /= scale[i];
        for j in 0..3 {
            products[i][j] /= scale[i] * scale[j];
        }
    }
    let solution = solve(products, right)?;
    Some([0, 1, 2].map(|i| solution[i] / scale[i]))
}

/// Cramer's rule.
fn solve(matrix: [[f64; 3]; 3], right: [f64; 3]) -> Option<[f64; 3]> {
    let whole = determinant(&matrix);
    let replaced = |column: usize| {
        let mut matrix = matrix;
        for (row, value) in matrix.iter_mut().zip(right) {
            row[column] = value;
        }
        determinant(&matrix) / whole
    };
    (whole > 1e-12).then(|| [0, 1, 2].map(replaced))
}

fn determinant(m: &[[f64; 3]; 3]) -> f64 {
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
}

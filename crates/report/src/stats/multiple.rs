//! Many tests at once.

/// Benjamini and Hochberg's adjusted p values ("Controlling the False Discovery Rate", 1995), in input order:
/// calling everything at or below 5 % a discovery makes at most 5 % of the discoveries false on average.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]));
    let mut adjusted = vec![0.0; p.len()];
    let mut least: f64 = 1.0;
    for (from_largest, &index) in order.iter().enumerate() {
        let rank = p.len() - from_largest;
        least = least.min(p[index] * p.len() as f64 / rank as f64);
        adjusted[index] = least;
    }
    adjusted
}

//! Many tests at once.

/// The p-values as they are when so many were looked at (Holm 1979): whoever rejects those that are at most α is wrong
/// about any of them with a probability of at most α, however they depend on each other.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least: f64 = 0.0;
    for (rank, &place) in order.iter().enumerate() {
        least = least.max(p_values[place] * (p_values.len() - rank) as f64).min(1.0);
        adjusted[place] = least;
    }
    adjusted
}

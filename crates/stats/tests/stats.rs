//! The statistics against published and computed oracles.

use centurion_stats::{
    Crossing, Interval, fenced_mean, fences, holm, lowest, mann_whitney, median, median_interval, metg,
    percentile_interval, pseudo_median, resample, student_p, student_quantile,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

#[track_caller]
fn near(found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{found} instead of {expected}");
}

#[track_caller]
fn encloses(found: Option<Interval>, low: f64, high: f64) {
    let found = found.expect("there is an interval");
    near(found.low, low, 1e-9);
    near(found.high, high, 1e-9);
}

/// Depression scores before and after: Hollander and Wolfe (1973), 29 f.
fn depression() -> Vec<f64> {
    vec![-0.952, 0.147, -1.022, -0.430, -0.620, -0.590, -0.490, 0.080, -0.010]
}

#[test]
fn no_values_have_no_location() {
    assert_eq!(median(&[]), None);
    assert_eq!(pseudo_median(&[]), None);
    assert_eq!(median_interval(&[]), None);
}

#[test]
fn the_median_is_the_middle_value_or_the_mean_of_the_two_middle_ones() {
    near(median(&[3.1, 1.2, 5.9]).unwrap(), 3.1, 1e-12);
    near(median(&[3.1, 1.2, 5.9, 2.6, 5.3, 9.7]).unwrap(), 4.2, 1e-12);
    near(median(&[7.0]).unwrap(), 7.0, 1e-12);
}

#[test]
fn the_pseudo_median_agrees_with_hollander_and_wolfe() {
    // R: wilcox.test(depression, conf.int = TRUE) gives -0.46 and [-0.786, -0.010].
    let found = pseudo_median(&depression()).unwrap();
    near(found.value, -0.46, 1e-9);
    encloses(found.interval, -0.786, -0.010);
}

#[test]
fn five_observations_have_no_interval_and_six_span_their_range() {
    let five = [1.0, 2.0, 4.0, 8.0, 16.0];
    assert_eq!(pseudo_median(&five).unwrap().interval, None);
    assert_eq!(median_interval(&five).unwrap().interval, None);
    let six = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
    encloses(pseudo_median(&six).unwrap().interval, 1.0, 32.0);
    encloses(median_interval(&six).unwrap().interval, 1.0, 32.0);
}

/// How many Walsh averages lie below the interval of a sample in which no two are equal: the critical value.
fn critical_value(n: i32) -> usize {
    let values: Vec<f64> = (0..n).map(|i| 1.3f64.powi(i)).collect();
    let low = pseudo_median(&values).unwrap().interval.unwrap().low;
    let means = (0..values.len()).flat_map(|i| (i..values.len()).map(move |j| (i, j)));
    means.filter(|&(i, j)| f64::midpoint(values[i], values[j]) < low).count()
}

#[test]
fn signed_rank_orders_agree_with_wilcoxons_table() {
    // Two-sided 5 %.
    for (n, critical) in [(6, 0), (7, 2), (8, 3), (9, 5), (10, 8), (20, 52), (30, 137), (50, 434)] {
        assert_eq!(critical_value(n), critical, "n = {n}");
    }
}

#[test]
fn the_normal_approximation_continues_the_exact_orders() {
    // Exact critical values, by counting sign patterns with big integers: 453, 648, 1955.
    for (n, critical) in [(51, 453), (60, 648), (100, 1954)] {
        assert_eq!(critical_value(n), critical, "n = {n}");
    }
}

#[test]
fn a_signed_rank_interval_covers_the_truth_in_at_least_95_of_100_draws() {
    let covered = |draw: &[usize]| {
        let errors: Vec<f64> = draw.iter().map(|&i| i as f64 - 499.5).take(8).collect();
        pseudo_median(&errors).unwrap().interval.unwrap().contains(0.0)
    };
    let hits = resample(1_000, 2_000, 7, covered).into_iter().filter(|&hit| hit).count();
    // The exact level at n = 8 is 96.1 %, two standard deviations 0.9 %.
    assert!((1_904..1_940).contains(&hits), "{hits} of 2000");
}

#[test]
fn the_interval_of_a_median_holds_it_even_for_two_humps() {
    let values: Vec<f64> = (0..31).map(|i| if i < 16 { 1.0 } else { 2.0 }).collect();
    let found = median_interval(&values).unwrap();
    near(found.value, 1.0, 1e-12);
    encloses(found.interval, 1.0, 2.0);
}

#[test]
fn sign_test_orders_agree_with_the_binomial_distribution() {
    // scipy.stats.binom.cdf(k, n, 0.5) <= 0.025 last for k = 1 at n = 10 and k = 5 at n = 20.
    let ten: Vec<f64> = (1..=10).map(f64::from).collect();
    encloses(median_interval(&ten).unwrap().interval, 2.0, 9.0);
    let twenty: Vec<f64> = (1..=20).map(f64::from).collect();
    encloses(median_interval(&twenty).unwrap().interval, 6.0, 15.0);
}

#[test]
fn small_samples_without_ties_are_tested_exactly() {
    // scipy.stats.mannwhitneyu(x, y).pvalue
    near(mann_whitney(&[19.0, 22.0, 16.0, 29.0, 24.0], &[20.0, 11.0, 17.0, 12.0]), 0.111_111_111_111, 1e-9);
    let x = [1.1, 2.2, 3.3, 4.4, 5.5, 6.6, 7.7, 8.8];
    let y = [0.5, 2.5, 9.1, 10.2, 11.3, 12.4, 13.5, 14.6, 15.7, 16.8];
    near(mann_whitney(&x, &y), 0.020_521_961_698_432_286, 1e-9);
    let apart = mann_whitney(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[11.0, 12.0, 13.0, 14.0, 15.0, 16.0]);
    near(apart, 0.002_164_502_164_502_164_5, 1e-9);
}

#[test]
fn ties_and_large_samples_are_tested_by_the_corrected_normal_approximation() {
    // scipy.stats.mannwhitneyu(x, y).pvalue
    let p = mann_whitney(&[1.0, 2.0, 2.0, 3.0, 5.0], &[2.0, 4.0, 4.0, 6.0, 7.0, 8.0]);
    near(p, 0.079_343_683_197_715_02, 1e-9);
    let x: Vec<f64> = (1..=10).map(f64::from).collect();
    let y: Vec<f64> = (3..=12).map(|i| f64::from(i) + 0.5).collect();
    near(mann_whitney(&x, &y), 0.104_109_889_660_226_81, 1e-9);
    let x = [10.0, 10.0, 11.0, 12.0, 12.0, 13.0, 14.0, 15.0, 15.0];
    let y = [9.0, 10.0, 11.0, 11.0, 12.0, 12.0, 12.0, 13.0, 16.0, 17.0, 18.0];
    near(mann_whitney(&x, &y), 0.969_350_687_250_734, 1e-9);
}

#[test]
fn samples_that_cannot_differ_have_p_1() {
    near(mann_whitney(&[5.0; 3], &[5.0; 3]), 1.0, 1e-12);
    near(mann_whitney(&[1.0, 2.0, 3.0], &[1.5, 2.5]), 1.0, 1e-12);
    near(mann_whitney(&[], &[1.0]), 1.0, 1e-12);
}

#[test]
fn the_same_seed_draws_the_same_resamples() {
    let draw = |seed| resample(10, 50, seed, <[usize]>::to_vec);
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
    assert!(draw(1).iter().flatten().all(|&index| index < 10));
}

#[test]
fn a_bootstrap_of_the_mean_has_the_normal_width() {
    let values: Vec<f64> = (0..100).map(f64::from).collect();
    let means = resample(100, 2_000, 3, |draw| draw.iter().map(|&i| values[i]).sum::<f64>() / 100.0);
    let (low, high) = percentile_interval(&means, f64::total_cmp).unwrap();
    // 1.96 standard errors of sqrt((100^2 - 1) / 12 / 100) on either side of 49.5.
    near(high - low, 2.0 * 1.96 * (9_999.0f64 / 1_200.0).sqrt(), 0.05);
    assert!(low < 49.5 && 49.5 < high);
}

#[test]
fn metg_interpolates_in_log_log_as_published() {
    let found = metg(&[(5.5718, 0.5960), (3.8626, 0.4301)], 0.5).unwrap();
    near(found.value().unwrap(), 4.575, 2e-4);
    let found = metg(&[(0.3991, 0.5239), (0.3072, 0.3429)], 0.5).unwrap();
    near(found.value().unwrap(), 0.387, 2e-3);
}

#[test]
fn a_threshold_off_the_curve_is_not_extrapolated() {
    let points = [(1.0, 0.6), (2.0, 0.8)];
    assert_eq!(metg(&points, 0.5), Some(Crossing::Below(1.0)));
    assert_eq!(metg(&points, 0.9), Some(Crossing::NotReached(2.0)));
    assert_eq!(metg(&[], 0.5), None);
}

#[test]
fn of_a_curve_that_falls_back_the_last_crossing_counts() {
    let points = [(1.0, 0.25), (2.0, 0.5), (4.0, 0.4), (8.0, 0.9)];
    let Some(Crossing::At(found)) = metg(&points, 0.5) else { panic!("it is reached in the end") };
    assert!((4.0..8.0).contains(&found), "{found}");
    assert_eq!(metg(&points[1..3], 0.5), Some(Crossing::NotReached(4.0)));
    assert_eq!(metg(&[(1.0, 0.6), (2.0, 0.5)], 0.5), Some(Crossing::Below(1.0)));
}

#[test]
fn crossings_are_ordered_by_granularity() {
    let mut crossings =
        [Crossing::NotReached(1.0), Crossing::At(3.0), Crossing::At(2.0), Crossing::Below(9.0)];
    crossings.sort_by(Crossing::total_cmp);
    assert_eq!(
        crossings,
        [Crossing::Below(9.0), Crossing::At(2.0), Crossing::At(3.0), Crossing::NotReached(1.0)]
    );
}

#[test]
fn students_t_agrees_with_its_closed_forms() {
    for t in [0.1, 1.0, 3.0, 12.0, 1e4] {
        near(student_p(t, 1.0), 1.0 - t.atan() * std::f64::consts::FRAC_2_PI, 1e-7);
        near(student_p(t, 2.0), 1.0 - t / (2.0 + t * t).sqrt(), 1e-7);
        near(student_p(-t, 2.0), student_p(t, 2.0), 1e-12);
    }
    near(student_p(0.0, 10.0), 1.0, 1e-12);
    near(student_p(f64::INFINITY, 10.0), 0.0, 1e-12);
}

#[test]
fn quantiles_of_students_t_agree_with_the_tables() {
    // Of any book of tables, two-sided.
    for (p, freedom, t) in [
        (0.05, 10.0, 2.228_138_852),
        (0.001, 10.0, 4.586_893_859),
        (0.01, 16.0, 2.920_781_622),
        (0.05, 30.0, 2.042_272_456),
        (0.05, 1e7, 1.959_963_985),
    ] {
        near(student_quantile(p, freedom), t, 1e-6);
        near(student_p(student_quantile(p, freedom), freedom), p, 1e-6);
    }
}

#[test]
fn the_lowest_values_have_their_mean_and_take_the_next_in_part() {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    near(mean(&lowest(&[4.0, 1.0, 99.0, 2.0], 0.75)), 7.0 / 3.0, 1e-12);
    near(mean(&lowest(&[4.0, 1.0, 99.0, 2.0], 0.5)), 1.5, 1e-12);
    // Two and a half of five: 1, 2 and half of 4.
    near(mean(&lowest(&[4.0, 1.0, 99.0, 2.0, 50.0], 0.5)), 5.0 / 2.5, 1e-12);
    let all = [4.0, 1.0, 99.0, 2.0];
    assert_eq!(lowest(&all, 1.0), all, "of all values each stands for itself");
    assert!(lowest(&[], 0.5).is_empty());
    let slow = lowest(&[1.0, 2.0, 3.0, 4.0, 5.0, 1e9], 0.5);
    near(slow[5], slow[4], 1e-12);
}

#[test]
fn holms_correction_is_his_own_example() {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
    let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
    for (found, expected) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
        near(*found, expected, 1e-12);
    }
    assert!(holm(&[]).is_empty());
    near(holm(&[0.9, 0.8])[0], 1.0, 1e-12);
}

/// How often two samples of the same noise are called different at these rates, by the lowest three quarters of each.
fn called_different(sizes: [usize; 2], rates: [f64; 2], noise: impl Fn(&mut ChaCha8Rng) -> f64) -> [f64; 2] {
    const TRIALS: usize = 3_000;
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut called = [0.0; 2];
    for _ in 0..TRIALS {
        let [(old, old_error), (new, new_error)] = sizes.map(|size| {
            let values: Vec<f64> = (0..size).map(|_| noise(&mut random)).collect();
            let values = lowest(&values, 0.75);
            let mean = values.iter().sum::<f64>() / size as f64;
            let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
            (mean, squares / (size * (size - 1)) as f64)
        });
        let freedom = [(old_error, sizes[0]), (new_error, sizes[1])]
            .map(|(error, size)| error * error / (0.75 * size as f64 - 1.0));
        let freedom = (old_error + new_error).powi(2) / (freedom[0] + freedom[1]);
        let p = student_p((new - old) / (old_error + new_error).sqrt(), freedom);
        for (called, rate) in called.iter_mut().zip(rates) {
            *called += f64::from(u8::from(p < rate)) / TRIALS as f64;
        }
    }
    called
}

fn uniform(random: &mut ChaCha8Rng) -> f64 {
    (f64::from(random.next_u32()) + 0.5) / 2f64.powi(32)
}

fn normal(random: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| uniform(random)).sum::<f64>() - 6.0
}

/// Mostly a little noise, now and then a delay.
fn delayed(random: &mut ChaCha8Rng) -> f64 {
    let delay = if uniform(random) < 0.2 { -3.0 * uniform(random).ln() } else { 0.0 };
    0.7 * normal(random) + delay
}

#[test]
fn an_error_rate_means_what_it_says_at_every_number_of_rounds() {
    for sizes in [[6, 6], [8, 8], [12, 12], [7, 12]] {
        for noise in [normal, delayed] {
            let [often, rarely] = called_different(sizes, [0.05, 0.01], noise);
            assert!(often < 0.06 && rarely < 0.014, "{sizes:?}: {often} and {rarely}");
            assert!(
                often > 0.012 && rarely > 0.001,
                "{sizes:?}: {often} and {rarely}, which finds too little"
            );
        }
    }
}

#[test]
fn samples_of_different_sizes_have_the_same_level() {
    const TRIALS: usize = 5_000;
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut level = |size: usize| {
        let mut levels = 0.0;
        for _ in 0..TRIALS {
            let values: Vec<f64> = (0..size).map(|_| normal(&mut random)).collect();
            levels += lowest(&values, 0.75).iter().sum::<f64>() / (size * TRIALS) as f64;
        }
        levels
    };
    let bias = level(7) - level(12);
    assert!(bias.abs() < 0.04, "{bias} of the noise, of which an error at so few rounds is a half");
}

/// Fences that leave out nothing.
const OPEN: Interval = Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };

#[test]
fn fences_agree_with_the_handbook_of_nist() {
    // NIST/SEMATECH e-Handbook of Statistical Methods, 7.1.6: 429.75 and 742.25 are the quartiles.
    let values = [
        30, 171, 184, 201, 212, 250, 265, 270, 272, 289, 305, 306, 322, 322, 336, 346, 351, 370, 390, 404,
        409, 411, 436, 437, 439, 441, 444, 448, 451, 453, 470, 480, 482, 487, 494, 495, 499, 503, 514, 521,
        522, 527, 548, 550, 559, 560, 570, 572, 574, 578, 585, 592, 592, 607, 616, 618, 621, 629, 637, 638,
        640, 656, 668, 707, 709, 719, 737, 739, 752, 758, 766, 792, 792, 794, 802, 818, 830, 832, 843, 858,
        860, 869, 918, 925, 953, 991, 1000, 1005, 1068, 1441,
    ];
    let values = values.map(f64::from);
    assert_eq!(fences(&values), Some(Interval { low: -39.0, high: 1211.0 }));
    let mean = fenced_mean(&values, fences(&values).unwrap(), 0.05).unwrap();
    assert_eq!(mean.left_out, 1, "1441 is an outlier");
    near(mean.estimate.value, (values.iter().sum::<f64>() - 1441.0) / 89.0, 1e-12);
    assert_eq!(fences(&[]), None);
    assert_eq!(fences(&[3.0]), Some(Interval { low: 3.0, high: 3.0 }));
}

#[test]
fn without_outliers_the_interval_is_student_s() {
    // "Student" (1908), hours of sleep gained. R: t.test(extra ~ group, paired = TRUE) gives these ends.
    let gained = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
    let mean = fenced_mean(&gained, OPEN, 0.05).unwrap();
    near(mean.estimate.value, 1.58, 1e-12);
    let interval = mean.estimate.interval.unwrap();
    near(interval.low, 0.700_114_2, 1e-6);
    near(interval.high, 2.459_885_8, 1e-6);
    assert_eq!((mean.freedom, mean.left_out), (9.0, 0));
    assert_eq!(fenced_mean(&gained[..1], OPEN, 0.05), None);
}

#[test]
fn what_lies_beyond_a_fence_counts_in_the_error_as_if_it_lay_on_it() {
    // 4.6 lies beyond 3.45: the mean is of nine, the deviation of ten with 3.45 in its place.
    let gained = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
    let fences = fences(&gained).unwrap();
    near(fences.high, 3.45, 1e-12);
    let mean = fenced_mean(&gained, fences, 0.05).unwrap();
    near(mean.estimate.value, 11.2 / 9.0, 1e-12);
    let winsorised = gained.map(|value| f64::min(value, 3.45));
    let middle = winsorised.iter().sum::<f64>() / 10.0;
    let variance = winsorised.iter().map(|value| (value - middle).powi(2)).sum::<f64>() / 9.0;
    near(mean.error, (10.0 * variance).sqrt() / 9.0, 1e-12);
    assert_eq!((mean.freedom, mean.left_out), (8.0, 1));
}

#[test]
fn a_fenced_interval_is_wrong_no_more_often_than_it_says_with_and_without_outliers() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut uniform = || (f64::from(random.next_u32()) + 0.5) / 4_294_967_296.0;
    for disturbed in [0.0, 0.1] {
        let mut draw = || {
            let normal = (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
            if uniform() < disturbed { normal * 10.0 } else { normal }
        };
        let wrong = (0..1_000).filter(|_| {
            let values: Vec<f64> = (0..40).map(|_| draw()).collect();
            let mean = fenced_mean(&values, fences(&values).unwrap(), 0.05).unwrap();
            !mean.estimate.interval.unwrap().contains(0.0)
        });
        let wrong = wrong.count();
        assert!(wrong <= 70, "{wrong} of 1000 with {disturbed} disturbed"); // 50 are meant, with an error of 7
    }
}

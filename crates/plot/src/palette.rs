//! What tells series apart: colour, dash and marker, never colour alone.

use std::fmt::Write;

/// Light or dark background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on a light background.
    Light,
    /// Light ink on a dark background.
    Dark,
}

/// A colour: custom property, light value, dark value.
pub(super) type Colour = (&'static str, &'static str, &'static str);

/// The seven series colours began as those of Okabe and Ito, darkened for light backgrounds and lightened for dark ones
/// until they stand out 3 : 1, and were moved apart until they differ to colour-blind eyes too.
pub(super) const COLOURS: [Colour; 11] = [
    ("background", "#ffffff", "#0d1117"),
    ("ink", "#1f2328", "#e6edf3"),
    ("muted", "#59636e", "#9198a1"),
    ("grid", "#d8dee4", "#2d333b"),
    ("0", "#0066a8", "#4c9be6"),
    ("1", "#a81300", "#be6f25"),
    ("2", "#099446", "#67ed9e"),
    ("3", "#c16689", "#ab719c"),
    ("4", "#a79008", "#eac238"),
    ("5", "#5194ef", "#add4fd"),
    ("6", "#4d4d4d", "#c4c4c4"),
];

/// Opacity of the first series colour behind a name, by fifth of the costs.
pub(super) const HEAT: [f64; 5] = [0.08, 0.2, 0.32, 0.44, 0.56];

/// Number of series colours.
const HUES: usize = 7;

/// The custom properties every chart reads with their values for one theme, as CSS declarations:
/// `--chart-background`, `--chart-ink`, `--chart-muted`, `--chart-grid` and `--chart-0` to `--chart-6`.
pub fn theme(theme: Theme) -> String {
    COLOURS.iter().fold(String::new(), |mut css, (name, light, dark)| {
        let value = if theme == Theme::Light { light } else { dark };
        let _ = write!(css, "--chart-{name}:{value};");
        css
    })
}

/// Class that gives a series its colour.
pub(super) fn colour_class(index: usize) -> String {
    format!("cc-{}", index % HUES)
}

/// Dash pattern of a series; empty for a solid line. Colours and dashes together repeat after 28 series.
pub(super) fn dash(index: usize) -> &'static str {
    ["", "7 3", "2 2.5", "9 3 2 3"][index % 4]
}

/// Number of a series' marker shape. It moves on by one after every seven, so that colours and shapes together repeat
/// after 49 series.
pub(super) fn shape(index: usize) -> usize {
    (index + index / HUES) % SHAPES.len()
}

/// Whether a series' markers are hollow: those of every second seven are.
pub(super) fn hollow(index: usize) -> bool {
    index / HUES % 2 == 1
}

/// A series' line and marker as they are in charts, for a legend: an `<svg>` element without a text alternative. It reads
/// the style sheet of charts.
pub fn swatch(index: usize) -> String {
    let (colour, outline) = (colour_class(index), SHAPES[shape(index)]);
    let hollow = if hollow(index) { " cc-hollow" } else { "" };
    let dash = match dash(index) {
        "" => String::new(),
        dash => format!(" stroke-dasharray=\"{dash}\""),
    };
    format!(
        "<svg class=\"cc {colour}\" width=\"26\" height=\"12\" viewBox=\"-13 -6 26 12\" aria-hidden=\"true\">\
         <path class=\"cc-line\" d=\"M-13 0H13\"{dash}/><path class=\"cc-marks{hollow}\" d=\"{outline}\"/></svg>"
    )
}

/// Outlines of the marker shapes around the origin.
pub(super) const SHAPES: [&str; 7] = [
    "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z",
    "M-3.2 -3.2H3.2V3.2H-3.2Z",
    "M0 -4.3L4.1 3H-4.1Z",
    "M0 -4.6L4.2 0L0 4.6L-4.2 0Z",
    "M0 4.3L4.1 -3H-4.1Z",
    "M-4 -3.4L4 3.4V-3.4L-4 3.4Z",
    "M-3.4 -4L3.4 4H-3.4L3.4 -4Z",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance after WCAG 2.2.
    fn luminance(channels: [f64; 3]) -> f64 {
        let linear = |value: f64| {
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = channels.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Red, green and blue of a colour, from 0 to 1.
    fn channels(hex: &str) -> [f64; 3] {
        [1, 3, 5].map(|from| f64::from(u8::from_str_radix(&hex[from..from + 2], 16).unwrap()) / 255.0)
    }

    fn contrast_of(one: [f64; 3], other: [f64; 3]) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        contrast_of(channels(one), channels(other))
    }

    #[test]
    fn names_stand_out_four_and_a_half_to_one_from_every_heat() {
        let value = |name: &str| {
            let (_, light, dark) = COLOURS.into_iter().find(|(other, ..)| *other == name).unwrap();
            [light, dark].map(channels)
        };
        let (background, ink, hot) = (value("background"), value("ink"), value("0"));
        for (theme, opacity) in (0..2).flat_map(|theme| HEAT.map(|opacity| (theme, opacity))) {
            let mixed =
                [0, 1, 2].map(|of| hot[theme][of] * opacity + background[theme][of] * (1.0 - opacity));
            assert!(contrast_of(mixed, ink[theme]) >= 4.5, "theme {theme}, {opacity}");
        }
    }

    #[test]
    fn series_stand_out_three_to_one_on_both_backgrounds() {
        for (name, light, dark) in &COLOURS[4..] {
            assert!(contrast(light, COLOURS[0].1) >= 3.0, "light {name}");
            assert!(contrast(dark, COLOURS[0].2) >= 3.0, "dark {name}");
        }
    }

    #[test]
    fn text_stands_out_four_and_a_half_to_one_on_both_backgrounds() {
        for (name, light, dark) in &COLOURS[1..3] {
            assert!(contrast(light, COLOURS[0].1) >= 4.5, "light {name}");
            assert!(contrast(dark, COLOURS[0].2) >= 4.5, "dark {name}");
        }
    }

    #[test]
    fn fourteen_series_differ_in_marker_and_in_colour_with_dash() {
        use std::collections::BTreeSet;
        let markers: BTreeSet<_> = (0..14).map(|index| (shape(index), hollow(index))).collect();
        let lines: BTreeSet<_> = (0..14).map(|index| (colour_class(index), dash(index))).collect();
        assert_eq!((markers.len(), lines.len()), (14, 14));
    }

    #[test]
    fn no_two_of_forty_nine_swatches_are_alike() {
        use std::collections::BTreeSet;
        let swatches: BTreeSet<_> =
            (0..49).map(|index| (colour_class(index), shape(index), hollow(index))).collect();
        assert_eq!(swatches.len(), 49);
        assert!(swatch(8).contains("cc-hollow") && swatch(8).contains("cc-1"));
    }

    /// What eyes without red, green or blue cones see, as linear red, green and blue: Machado, Oliveira and Fernandes
    /// 2009, severity 1; the first is ordinary sight.
    const EYES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    /// Lightness, a and b of CIELAB under D65.
    fn lab(seen: [f64; 3]) -> [f64; 3] {
        const XYZ: [[f64; 3]; 3] = [
            [0.412_456_4, 0.357_576_1, 0.180_437_5],
            [0.212_672_9, 0.715_152_2, 0.072_175_0],
            [0.019_333_9, 0.119_192_0, 0.950_304_1],
        ];
        let curve = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let [x, y, z] = XYZ.map(|row| row.iter().zip(seen).map(|(a, b)| a * b).sum::<f64>());
        let [x, y, z] = [x / 0.950_47, y, z / 1.088_83].map(curve);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn seen_by(eye: [[f64; 3]; 3], hex: &str) -> [f64; 3] {
        let linear =
            channels(hex).map(|v| if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) });
        lab(eye.map(|row| row.iter().zip(linear).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0)))
    }

    #[test]
    fn no_two_colours_are_alike_to_any_eyes() {
        const LEAST: f64 = 15.0;
        let hues = &COLOURS[4..];
        for (theme, eye) in (0..2).flat_map(|theme| EYES.map(|eye| (theme, eye))) {
            let seen: Vec<_> =
                hues.iter().map(|(_, light, dark)| seen_by(eye, [light, dark][theme])).collect();
            for (a, b) in (0..seen.len()).flat_map(|a| (0..a).map(move |b| (a, b))) {
                let squares = (0..3).map(|part| (seen[a][part] - seen[b][part]).powi(2));
                let apart = squares.sum::<f64>().sqrt();
                assert!(apart >= LEAST, "{} and {} in theme {theme}: {apart:.1}", hues[a].0, hues[b].0);
            }
        }
    }

    #[test]
    fn a_theme_lists_every_property() {
        assert!(theme(Theme::Dark).starts_with("--chart-background:#0d1117;--chart-ink:"));
        assert_eq!(theme(Theme::Light).matches(';').count(), COLOURS.len());
    }
}

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

/// The seven series colours are those of Okabe and Ito, darkened
/// for light backgrounds and lightened for dark ones until they stand out 3 : 1.
pub(super) const COLOURS: [Colour; 11] = [
    ("background", "#ffffff", "#0d1117"),
    ("ink", "#1f2328", "#e6edf3"),
    ("muted", "#59636e", "#9198a1"),
    ("grid", "#d8dee4", "#2d333b"),
    ("0", "#0066a8", "#4c9be6"),
    ("1", "#d35400", "#f08042"),
    ("2", "#008f68", "#2fc295"),
    ("3", "#b5528f", "#e08fbf"),
    ("4", "#a67c00", "#e6b422"),
    ("5", "#2e93c9", "#8ad3f7"),
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

/// Number of a series' marker shape.
pub(super) fn shape(index: usize) -> usize {
    index % SHAPES.len()
}

/// Whether a series' markers are hollow: those after the first seven are.
pub(super) fn hollow(index: usize) -> bool {
    index % (2 * SHAPES.len()) >= SHAPES.len()
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
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
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
    fn a_theme_lists_every_property() {
        assert!(theme(Theme::Dark).starts_with("--chart-background:#0d1117;--chart-ink:"));
        assert_eq!(theme(Theme::Light).matches(';').count(), COLOURS.len());
    }
}

//! The samples as a picture: a panel for each figure, over time.

use std::fmt::Write as _;

/// The panels in the order of the columns after the time.
const PANELS: [&str; 4] = [
    "resident memory of replica 0, MiB",
    "open descriptors of replica 0",
    "memory of Redis, MiB",
    "open streams, all replicas",
];

const WIDTH: f64 = 720.0;
const LEFT: f64 = 60.0;
const PANEL: f64 = 120.0;
const GAP: f64 = 40.0;

/// The picture, from lines of seconds and figures with tabs between.
pub(super) fn draw(samples: &str) -> String {
    let rows: Vec<Vec<f64>> = samples
        .lines()
        .map(|line| {
            let figures = line.split('\t').filter_map(|figure| figure.parse::<f64>().ok());
            figures.collect::<Vec<f64>>()
        })
        .filter(|row| row.len() > PANELS.len())
        .collect();
    let last = rows.last().map_or(1.0, |row| row[0].max(1.0));
    let mut height = GAP;
    let mut panels = String::new();
    for (column, name) in PANELS.into_iter().enumerate() {
        let points: Vec<(f64, f64)> = rows.iter().map(|row| (row[0] / last, row[column + 1])).collect();
        panels.push_str(&panel(name, &points, height));
        height += PANEL + GAP;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{panels}\
         <text x=\"{LEFT}\" y=\"{}\">0 to {:.0} minutes</text>\n</svg>\n",
        height - GAP / 2.0,
        last / 60.0,
    )
}

fn panel(name: &str, points: &[(f64, f64)], top: f64) -> String {
    let most = points.iter().map(|point| point.1).fold(1.0, f64::max);
    let right = WIDTH - LEFT;
    let mut line = String::new();
    for (at, value) in points {
        let x = LEFT + at * right;
        let y = top + PANEL * (1.0 - value / most);
        // Writing to a String cannot fail.
        let _ = write!(line, "{x:.1},{y:.1} ");
    }
    let bottom = top + PANEL;
    format!(
        "<text x=\"{LEFT}\" y=\"{}\">{name}</text>\n<text x=\"4\" y=\"{}\">{most:.0}</text>\n<text x=\"4\" y=\"{bottom}\">0</text>\n\
         <path d=\"M{LEFT} {top}V{bottom}H{WIDTH}\" fill=\"none\" stroke=\"#999\"/>\n\
         <polyline points=\"{}\" fill=\"none\" stroke=\"#1d4ed8\" stroke-width=\"1.5\"/>\n",
        top - 6.0,
        top + 10.0,
        line.trim_end(),
    )
}

#[cfg(test)]
mod tests {
    use super::{PANELS, draw};

    #[test]
    fn each_figure_has_a_line_over_the_whole_time() {
        let graph = draw("0\t10\t100\t5\t900\n60\t20\t100\t5\t1000\nspoilt\n");
        assert_eq!(graph.matches("<polyline").count(), PANELS.len());
        assert!(graph.contains("points=\"60.0,100.0 720.0,40.0\""), "{graph}");
        assert!(graph.contains("0 to 1 minutes"));
        assert!(draw("").ends_with("</svg>\n"));
    }
}

package org.beamtemplates.benchmarks.speed;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Costs as bars: an SVG picture, smaller is better. */
final class SpeedChart {

  private static final int WIDTH = 860;
  private static final int LEFT = 270;
  private static final int BAR = 13;
  private static final int GAP = 16;
  private static final int TOP = 52;
  private static final int LONGEST = WIDTH - LEFT - 70;

  private static final Map<Engines, String> COLORS =
      Map.of(
          Engines.PLAIN, "#b8bec6",
          Engines.BEAM, "#e4572e",
          Engines.FLINK, "#2e86ab",
          Engines.FLINK_LOCAL, "#7fb7d1",
          Engines.STREAMS, "#5b8c5a");

  private final Results results;

  SpeedChart(Results results) {
    this.results = results;
  }

  /** Returns the picture. */
  String svg() {
    StringBuilder bars = new StringBuilder();
    double most =
        results.cells().stream()
            .flatMap(cell -> List.of(Engines.values()).stream().map(engine -> cost(cell, engine)))
            .flatMap(Optional::stream)
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(1);
    int y = TOP;
    for (Cell cell : results.cells()) {
      text(bars, 12, y + BAR - 2, "#222", cell.workload() + " " + cell.place());
      for (Engines engine : Engines.values()) {
        Optional<Double> cost = cost(cell, engine);
        if (cost.isPresent()) {
          bar(bars, y, cost.get() / most, engine, cost.get());
          y += BAR + 2;
        }
      }
      y += GAP;
    }
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="#fff"/>
        <text x="12" y="20" font-size="15" fill="#222">CPU µs a record in the steady state: shorter is better</text>
        %s%s</svg>
        """
        .formatted(WIDTH, y, legend(), bars);
  }

  private Optional<Double> cost(Cell cell, Engines engine) {
    return results.of(cell, engine, Measured::microsPerRecord).map(Spread::median);
  }

  private static void bar(StringBuilder bars, int y, double share, Engines engine, double micros) {
    int length = Math.max(1, (int) Math.round(share * LONGEST));
    bars.append(
        """
        <rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>
        """
            .formatted(LEFT, y, length, BAR, COLORS.get(engine)));
    text(bars, LEFT + length + 5, y + BAR - 2, "#444", String.format(Locale.ROOT, "%.2f", micros));
  }

  private static String legend() {
    StringBuilder legend = new StringBuilder();
    int x = 12;
    for (Engines engine : Engines.values()) {
      legend.append(
          """
          <rect x="%d" y="30" width="11" height="11" fill="%s"/>
          """
              .formatted(x, COLORS.get(engine)));
      text(legend, x + 16, 40, "#444", engine.title());
      x += 40 + 7 * engine.title().length();
    }
    return legend.toString();
  }

  private static void text(StringBuilder into, int x, int y, String color, String text) {
    into.append(
        """
        <text x="%d" y="%d" fill="%s">%s</text>
        """
            .formatted(x, y, color, text));
  }
}

package org.beamtemplates.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Two costs that were measured in turns, and what the one is to the other. */
final class Ratio {

  private final String subject;
  private final String peer;
  private final List<Double> ofSubject = new ArrayList<>();
  private final List<Double> ofPeer = new ArrayList<>();

  Ratio(String subject, String peer) {
    this.subject = subject;
    this.peer = peer;
  }

  /** Adds a pair, in microseconds a record. */
  void add(double subjectMicros, double peerMicros) {
    ofSubject.add(subjectMicros);
    ofPeer.add(peerMicros);
  }

  /** Returns the median of the ratios of all pairs. */
  double median() {
    return median(ratios());
  }

  /** Returns a row of a table in Markdown: both costs and the ratio, each with its range. */
  String row() {
    return "| %s | %s | %s | **%s** |"
        .formatted(
            subject + " : " + peer, range(ofSubject, 1), range(ofPeer, 1), range(ratios(), 2));
  }

  private List<Double> ratios() {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ofSubject.size(); i++) {
      ratios.add(ofSubject.get(i) / ofPeer.get(i));
    }
    return ratios;
  }

  private static String range(List<Double> values, int digits) {
    String format = "%." + digits + "f";
    List<Double> sorted = values.stream().sorted().toList();
    return String.format(Locale.ROOT, format, median(values))
        + " ("
        + String.format(Locale.ROOT, format, sorted.get(0))
        + "–"
        + String.format(Locale.ROOT, format, sorted.get(sorted.size() - 1))
        + ")";
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}

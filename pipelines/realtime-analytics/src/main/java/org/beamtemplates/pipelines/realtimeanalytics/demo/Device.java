package org.beamtemplates.pipelines.realtimeanalytics.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.beamtemplates.transforms.demo.Weighted;

/** What visitors look at pages with. */
enum Device {
  MOBILE(58, 420),
  DESKTOP(36, 240),
  TABLET(6, 380);

  private static final Device[] ALL = values();
  private static final Weighted WEIGHTS =
      Weighted.of(Arrays.stream(ALL).mapToDouble(device -> device.weight).toArray());

  private final double weight;
  private final double medianLoadMs;
  private final String label = name().toLowerCase(Locale.ROOT);

  Device(double weight, double medianLoadMs) {
    this.weight = weight;
    this.medianLoadMs = medianLoadMs;
  }

  /** Returns a device, as often as it is used. */
  static Device draw(RandomGenerator random) {
    return ALL[WEIGHTS.draw(random)];
  }

  String label() {
    return label;
  }

  /** Returns the median of the load time from nearby, in milliseconds. */
  double medianLoadMs() {
    return medianLoadMs;
  }
}

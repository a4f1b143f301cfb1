package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.beamtemplates.transforms.aggregate.Slices.Slice;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class SlicesTest {

  private static final long LATENESS = 3;

  @Property
  void tellsTheWindowsThatBeamAssigns(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 1, max = 40) int period,
      @ForAll @IntRange(min = 0, max = 39) int offset,
      @ForAll @Size(max = 200) List<@IntRange(min = -90, max = 200) Integer> times)
      throws Exception {
    SlidingWindows sliding =
        SlidingWindows.of(Duration.millis(size))
            .every(Duration.millis(period))
            .withOffset(Duration.millis(offset % period));
    FixedWindows fixed =
        FixedWindows.of(Duration.millis(size)).withOffset(Duration.millis(offset % size));
    Slices ofSliding = new Slices(untyped(sliding), LATENESS);
    Slices ofFixed = new Slices(untyped(fixed), LATENESS);
    for (int time : times) {
      Instant timestamp = Instant.ofEpochMilli(time);

      assertThat(ofSliding.of("any", time).windows())
          .containsExactlyElementsOf(sliding.assignWindows(timestamp));
      assertThat(ofFixed.of("any", time).windows()).containsExactly(fixed.assignWindow(timestamp));
    }
  }

  @Test
  void remembersTheWindowsOfASlice() throws Exception {
    Slices slices =
        new Slices(
            untyped(SlidingWindows.of(Duration.millis(25)).every(Duration.millis(10))), LATENESS);

    List<BoundedWindow> windows = slices.of("any", 1_005).windows();

    assertThat(slices.of("other", 1_009).windows()).isSameAs(windows);
    // A window ends in the middle of a period.
    assertThat(slices.of("other", 1_004).windows()).hasSize(3);
  }

  @Test
  void saysUntilWhenAllWindowsOfASliceAreOpen() throws Exception {
    Slices slices =
        new Slices(
            untyped(SlidingWindows.of(Duration.millis(20)).every(Duration.millis(10))), LATENESS);

    Slice slice = slices.of("any", 1_005);

    assertThat(slice.windows()).hasSize(2);
    assertThat(slice.closesAtMillis()).isEqualTo(1_009 + LATENESS);
  }

  // Windows of time are for elements of any type.
  @SuppressWarnings("unchecked")
  private static WindowFn<Object, ?> untyped(WindowFn<?, ?> windows) {
    return (WindowFn<Object, ?>) windows;
  }
}

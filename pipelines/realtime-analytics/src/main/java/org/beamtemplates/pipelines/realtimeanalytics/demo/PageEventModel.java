package org.beamtemplates.pipelines.realtimeanalytics.demo;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.demo.Breakage;
import org.beamtemplates.transforms.demo.EventModel;
import org.beamtemplates.transforms.demo.Senders;
import org.beamtemplates.transforms.demo.WireAvro;
import org.beamtemplates.transforms.demo.Workload;

/**
 * Page views of a shop. A visitor has one country and one device; load times and orders are
 * log-normal around a median that depends on them.
 */
final class PageEventModel implements EventModel<PageEvent> {

  private static final double LOAD_TIME_SPREAD = 0.55;
  private static final double ORDER_SPREAD = 0.7;
  private static final long VISIT_MS = Duration.ofMinutes(30).toMillis();

  private final Senders visitors;
  private final Market[] markets;
  private final Device[] devices;
  private final long windowMs;
  private final String idPrefix;
  private final WireAvro<PageEvent> older;
  private final WireAvro<PageEvent> newer;
  private final List<Breakage<PageEvent>> breakages;
  private long events;

  private PageEventModel(
      Workload workload, Senders visitors, Duration windowSize, List<Integer> schemaIds) {
    this.visitors = visitors;
    this.markets = new Market[visitors.count()];
    this.devices = new Device[visitors.count()];
    RandomGenerator random = new SplittableRandom(workload.seed());
    for (int i = 0; i < visitors.count(); i++) {
      markets[i] = Market.draw(random);
      devices[i] = Device.draw(random);
    }
    this.windowMs = windowSize.toMillis();
    // Two demos on one topic must not look like each other's duplicates.
    this.idPrefix =
        Long.toHexString(workload.seed() * 31 + workload.firstEventTime().toEpochMilli()) + "-";
    this.older =
        new WireAvro<>(schemaIds.get(0), PageSchemas.versions().get(0), PageEvent.getClassSchema());
    this.newer =
        new WireAvro<>(schemaIds.get(1), PageSchemas.versions().get(1), PageEvent.getClassSchema());
    this.breakages = PageEventBreakages.of(this::encode, schemaIds);
  }

  /**
   * Page views of these visitors.
   *
   * @param windowSize length of the windows that results are of
   * @param schemaIds of the two versions of {@link PageSchemas}
   */
  static PageEventModel of(
      Workload workload, Senders visitors, Duration windowSize, List<Integer> schemaIds) {
    if (schemaIds.size() != PageSchemas.versions().size()) {
      throw new IllegalArgumentException(
          "two versions of the schema have two ids, not " + schemaIds);
    }
    return new PageEventModel(workload, visitors, windowSize, schemaIds);
  }

  @Override
  public PageEvent draw(int visitor, long eventTimeMillis, RandomGenerator random) {
    Market market = markets[visitor];
    Device device = devices[visitor];
    Shelf shelf = Shelf.draw(random);
    boolean order = shelf.drawOrder(random);
    PageEvent event = new PageEvent();
    event.setEventId(idPrefix + events++);
    event.setUserId(visitors.name(visitor));
    event.setSessionId(visitors.name(visitor) + "-" + eventTimeMillis / VISIT_MS);
    event.setPage(shelf.drawPage(random));
    event.setCategory(shelf.category());
    event.setCountry(market.name());
    event.setDevice(device.label());
    event.setEventTimeMs(eventTimeMillis);
    event.setLoadTimeMs(
        logNormal(device.medianLoadMs() * market.slowness(), LOAD_TIME_SPREAD, random));
    event.setRevenueMinor(order ? logNormal(market.medianOrderMinor(), ORDER_SPREAD, random) : 0);
    event.setCurrency(order ? market.currency() : "");
    return event;
  }

  private static long logNormal(double median, double spread, RandomGenerator random) {
    return Math.round(median * Math.exp(spread * random.nextGaussian()));
  }

  @Override
  public byte[] encode(PageEvent event, boolean newerSchema) {
    return (newerSchema ? newer : older).encode(event);
  }

  @Override
  public PageResult resultKey(PageEvent event) {
    long start = Math.floorDiv(event.getEventTimeMs(), windowMs) * windowMs;
    return new PageResult(start, event.getCategory(), event.getCountry());
  }

  @Override
  public List<Breakage<PageEvent>> breakages() {
    return breakages;
  }
}

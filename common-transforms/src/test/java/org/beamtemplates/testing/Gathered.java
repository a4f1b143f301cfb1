package org.beamtemplates.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * What a collection held, for a test to look at after the run. For runners that work in this JVM
 * and repeat nothing.
 *
 * @param <T> type of the elements
 */
public final class Gathered<T> {

  private static final Map<String, Queue<Object>> ALL = new ConcurrentHashMap<>();

  private final String id;

  private Gathered(String id) {
    this.id = id;
  }

  /** Gathers the elements of a collection as the pipeline runs. */
  public static <T> Gathered<T> of(PCollection<T> elements) {
    String id = UUID.randomUUID().toString();
    ALL.put(id, new ConcurrentLinkedQueue<>());
    elements.apply("Gather-" + id, ParDo.of(new GatherFn<T>(id)));
    return new Gathered<>(id);
  }

  /** Returns what has come so far. */
  @SuppressWarnings("unchecked") // only elements of this collection are put under its id
  public List<T> elements() {
    return new ArrayList<>((Queue<T>) ALL.get(id));
  }

  private static final class GatherFn<T> extends DoFn<T, Void> {

    private static final long serialVersionUID = 1L;

    private final String id;

    GatherFn(String id) {
      this.id = id;
    }

    @ProcessElement
    public void process(@Element T element) {
      ALL.get(id).add(element);
    }
  }
}

package org.beamtemplates.transforms.deliver.jdbc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows to be written together, one for each key: a statement cannot write the same row twice. */
final class Batch<T> {

  private final int capacity;
  private final Map<List<Comparable<Object>>, Row<T>> rows = new HashMap<>();
  private int added;

  /** A batch of so many values, which may be fewer rows. */
  Batch(int capacity) {
    this.capacity = capacity;
  }

  /** Of rows with equal keys the highest revision stays, and of equal revisions the last. */
  void add(Row<T> row) {
    added++;
    rows.merge(row.key(), row, Batch::latest);
  }

  boolean isFull() {
    return added >= capacity;
  }

  boolean isEmpty() {
    return added == 0;
  }

  /** Returns the rows in the order in which all workers write theirs, and empties the batch. */
  List<Row<T>> drain() {
    List<Row<T>> drained = new ArrayList<>(rows.values());
    drained.sort(Row.BY_KEY);
    clear();
    return drained;
  }

  void clear() {
    rows.clear();
    added = 0;
  }

  private static <T> Row<T> latest(Row<T> earlier, Row<T> later) {
    if (later.revision() >= earlier.revision()) {
      return later.superseding(earlier);
    }
    Row<T> below = earlier.superseded();
    return earlier.superseding(below == null ? later : latest(below, later));
  }
}

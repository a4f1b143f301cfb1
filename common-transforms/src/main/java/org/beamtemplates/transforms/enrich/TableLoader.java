package org.beamtemplates.transforms.enrich;

import java.io.Serializable;
import java.util.Map;

/**
 * Loads a table as a whole. It is serialized with the pipeline: clients are transient, or made at
 * every load.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
@FunctionalInterface
public interface TableLoader<K, V> extends Serializable {

  /**
   * Returns the table; neither keys nor values are null.
   *
   * @throws Exception if it cannot be loaded now; it is tried again at the next time
   */
  Map<K, V> load() throws Exception;
}

package org.beamtemplates.pipelines.deadletterreplay;

import java.io.Serializable;

/**
 * A part of a partition.
 *
 * @param start the first offset
 * @param end the offset behind the last
 */
record TopicRange(String topic, int partition, long start, long end) implements Serializable {

  private static final long serialVersionUID = 1L;

  boolean isEmpty() {
    return start >= end;
  }
}

package org.beamtemplates.transforms.ingest;

import java.io.IOException;
import java.io.Serializable;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;

/** Finds the records in a file and hands them to the decode step one by one. */
interface RecordFormat<T> extends Serializable {

  /**
   * Reads a file to its end.
   *
   * @throws IOException if the storage fails: the runner tries again
   */
  void read(
      ReadableFile file,
      DecodeStep<T> step,
      SerializableFunction<T, Long> eventTimeMillis,
      MultiOutputReceiver output)
      throws IOException;
}

package org.beamtemplates.transforms.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Remembers whether the storage itself has failed, which is to be tried again, so that an error of
 * what reads from here can be told from it: that is damage in the file, and stays.
 */
final class StorageChannel implements ReadableByteChannel {

  private final ReadableByteChannel storage;
  private boolean failed;

  StorageChannel(ReadableByteChannel storage) {
    this.storage = storage;
  }

  boolean hasFailed() {
    return failed;
  }

  @Override
  public int read(ByteBuffer buffer) throws IOException {
    try {
      return storage.read(buffer);
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public boolean isOpen() {
    return storage.isOpen();
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }
}

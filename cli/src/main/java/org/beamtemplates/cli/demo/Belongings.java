package org.beamtemplates.cli.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that has to be ended when the demo ends, the latest first. Can be closed by any thread
 * at any time: what is added after that is ended at once.
 */
final class Belongings implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Belongings.class);

  private final Deque<AutoCloseable> all = new ArrayDeque<>();
  private boolean closed;

  /**
   * Takes care of a thing.
   *
   * @throws CancellationException if everything is to end
   */
  <T extends AutoCloseable> T add(T thing) {
    synchronized (this) {
      if (!closed) {
        all.push(thing);
        return thing;
      }
    }
    end(thing);
    throw new CancellationException("The demo ends");
  }

  /** Ends all; whoever comes second waits until the first is done. */
  @Override
  public void close() {
    synchronized (all) {
      for (AutoCloseable thing = next(); thing != null; thing = next()) {
        end(thing);
      }
    }
  }

  private synchronized AutoCloseable next() {
    closed = true;
    return all.poll();
  }

  /** One that cannot be ended must not keep the others alive. */
  private static void end(AutoCloseable thing) {
    try {
      thing.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("{} did not end in order", thing, e);
    }
  }
}

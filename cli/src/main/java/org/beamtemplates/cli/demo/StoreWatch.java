package org.beamtemplates.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.beamtemplates.cli.demo.Snapshot.Store;
import org.beamtemplates.transforms.demo.ResultTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into the table of results once a second, in a thread of its own. */
final class StoreWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);
  private static final int ROWS = 40;
  private static final long PAUSE_MILLIS = 1_000;

  /** A large table is asked less often, so that looking costs a tenth of the time at most. */
  private static final int PAUSE_TO_WORK = 9;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How to reach the store. */
  @FunctionalInterface
  interface Connector {
    Connection connect() throws SQLException;
  }

  private final Connector connector;
  private final ResultTable table;
  private final Thread thread = new Thread(this::run, "results");
  private volatile Store seen = Store.EMPTY;

  StoreWatch(Connector connector, ResultTable table) {
    this.connector = connector;
    this.table = table;
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns what was there when this looked last. */
  Store seen() {
    return seen;
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(PATIENCE.toMillis());
  }

  private void run() {
    try (Connection connection = connector.connect()) {
      while (!Thread.currentThread().isInterrupted()) {
        long before = System.nanoTime();
        seen =
            new Store(
                table.columns(), table.newest(connection, ROWS), table.finalCounts(connection));
        long tookMillis = (System.nanoTime() - before) / 1_000_000;
        Thread.sleep(Math.max(PAUSE_MILLIS, PAUSE_TO_WORK * tookMillis));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException e) {
      LOG.warn("Cannot look at the results any more", e);
    }
  }
}

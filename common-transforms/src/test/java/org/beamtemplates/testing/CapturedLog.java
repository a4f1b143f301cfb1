package org.beamtemplates.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What one class logs while this is open, as level and text. */
public final class CapturedLog extends AbstractAppender implements AutoCloseable {

  private final Logger logger;
  private final Level before;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private CapturedLog(Logger logger) {
    super("captured", null, null, true, Property.EMPTY_ARRAY);
    this.logger = logger;
    this.before = logger.getLevel();
  }

  /** Captures what a class logs from now on, from level INFO. */
  public static CapturedLog of(Class<?> type) {
    CapturedLog log = new CapturedLog((Logger) LogManager.getLogger(type));
    log.start();
    log.logger.addAppender(log);
    log.logger.setLevel(Level.INFO);
    return log;
  }

  /** Returns what was logged, such as {@code WARN something}. */
  public List<String> lines() {
    return lines;
  }

  @Override
  public void append(LogEvent event) {
    lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
  }

  @Override
  public void close() {
    logger.removeAppender(this);
    logger.setLevel(before);
    stop();
  }
}

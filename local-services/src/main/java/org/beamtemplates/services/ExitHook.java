package org.beamtemplates.services;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an action when the JVM shuts down in order, unless cancelled before. */
final class ExitHook {

  private static final Logger LOG = LoggerFactory.getLogger(ExitHook.class);

  private final Thread thread;

  private ExitHook(Thread thread) {
    this.thread = thread;
  }

  static ExitHook onExit(String name, Runnable action) {
    Thread thread = new Thread(action, "stop-" + name);
    try {
      Runtime.getRuntime().addShutdownHook(thread);
    } catch (IllegalStateException shuttingDown) {
      LOG.trace("Too late for {}: whoever has it must close it", name, shuttingDown);
    }
    return new ExitHook(thread);
  }

  /** Forgets the action, which is possible until the JVM begins to shut down. */
  void cancel() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException shuttingDown) {
      LOG.trace("{} runs already", thread.getName(), shuttingDown);
    }
  }
}

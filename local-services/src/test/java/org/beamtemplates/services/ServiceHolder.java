package org.beamtemplates.services;

import java.util.concurrent.CountDownLatch;

/** Starts a service, says which process it is, and stays until it is killed. */
final class ServiceHolder {

  static final String ANNOUNCEMENT = "service pid ";

  private ServiceHolder() {}

  /** Takes {@code registry} or {@code postgres}. */
  public static void main(String[] args) throws InterruptedException {
    System.out.println(ANNOUNCEMENT + startAndTell(args[0]));
    new CountDownLatch(1).await();
  }

  private static long startAndTell(String service) {
    return switch (service) {
      case "registry" -> LocalSchemaRegistry.start().pid();
      case "postgres" -> LocalPostgres.start().pid();
      default -> throw new IllegalArgumentException(service);
    };
  }
}

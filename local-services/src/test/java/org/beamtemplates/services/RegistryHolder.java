package org.beamtemplates.services;

import java.util.concurrent.CountDownLatch;

/** Starts a registry, says which process it is, and stays until it is killed. */
final class RegistryHolder {

  private RegistryHolder() {}

  public static void main(String[] args) throws InterruptedException {
    LocalSchemaRegistry registry = LocalSchemaRegistry.start();
    System.out.println("registry pid " + registry.pid());
    new CountDownLatch(1).await();
  }
}

package org.beamtemplates.runners.spark;

import java.util.concurrent.CountDownLatch;
import org.beamtemplates.services.LocalSparkCluster;

/** Starts a cluster, says where its master is, and stays until it is killed. */
final class ClusterHolder {

  static final String ANNOUNCEMENT = "master at ";

  private static LocalSparkCluster cluster;

  private ClusterHolder() {}

  /** Takes the class path of Spark. */
  public static void main(String[] args) throws InterruptedException {
    cluster = LocalSparkCluster.start(args[0], 1, 1);
    System.out.println(ANNOUNCEMENT + cluster.master());
    new CountDownLatch(1).await();
  }
}

package org.beamtemplates.transforms.io;

import java.io.File;

/** Paths of this machine's file system in options. */
public final class LocalPaths {

  private LocalPaths() {}

  /**
   * Returns the same place, whichever directory a worker runs in: a relative path starts at the
   * current directory of the launch. What has a scheme, such as {@code gs://}, is returned as it
   * is.
   *
   * @param path file, folder or pattern
   */
  public static String absolute(String path) {
    return path.contains(":") || path.isEmpty() ? path : new File(path).getAbsolutePath();
  }
}

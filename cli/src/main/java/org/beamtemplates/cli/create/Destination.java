package org.beamtemplates.cli.create;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Where a project of its own is made.
 *
 * @param folder its folder, which does not exist or is empty
 * @param ancestor the nearest folder above that exists
 */
record Destination(Path folder, Path ancestor) {

  /** Refuses what is no place for a project. */
  static Destination of(Path out, Path root) throws IOException {
    Path given = out.toAbsolutePath().normalize();
    if (given.getParent() == null) {
      throw new Refusal("--out is " + out + ", the root of all files. Give a new folder.");
    }
    Path ancestor = given.getParent();
    while (!Files.exists(ancestor, LinkOption.NOFOLLOW_LINKS)) {
      ancestor = ancestor.getParent();
    }
    if (!Files.isDirectory(ancestor)) {
      throw new Refusal(
          "--out is %s, but %s is no folder. Give a new folder inside of folders."
              .formatted(out, ancestor));
    }
    Path real = ancestor.toRealPath();
    Path folder = real.resolve(ancestor.relativize(given));
    checkIsFree(out, folder);
    Path repository = root.toRealPath();
    Path place = Files.exists(folder) ? folder.toRealPath() : folder;
    if (place.startsWith(repository)) {
      throw new Refusal(
          ("--out is %s, inside of this repository (%s). Give a folder outside, or leave --out away"
                  + " to make a module of this repository.")
              .formatted(out, repository));
    }
    if (repository.startsWith(place)) {
      throw new Refusal(
          "--out is %s, but this repository is in it. Give a new folder.".formatted(out));
    }
    if (folder.toString().indexOf(':') >= 0) {
      throw new Refusal(
          "--out is %s, but a class path cannot hold a folder with ':'. Give one without."
              .formatted(out));
    }
    if (!Files.isWritable(real)) {
      throw new Refusal(
          "--out is %s, but nothing can be written into %s. Give another folder, or permission."
              .formatted(out, real));
    }
    return new Destination(folder, real);
  }

  private static void checkIsFree(Path out, Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        if (files.iterator().hasNext()) {
          throw new Refusal(
              "--out is %s, a folder that is not empty. Give a new or an empty one."
                  .formatted(out));
        }
      }
    } else if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new Refusal(
          "--out is %s, which exists and is no folder. Give a new folder.".formatted(out));
    }
  }
}

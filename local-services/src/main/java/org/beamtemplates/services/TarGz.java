package org.beamtemplates.services;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Unpacks tar.gz archives of files and folders. */
final class TarGz {

  private TarGz() {}

  /**
   * Unpacks an archive unless the folder exists. The folder appears complete or not at all, also
   * when several threads and processes want it at once or one of them is killed in between.
   */
  static void unpackOnce(Path archive, Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(folder.getParent());
    Path lockFile = folder.resolveSibling(folder.getFileName() + ".lock");
    // A file lock is held by the whole JVM, so threads need a lock of their own.
    synchronized (TarGz.class) {
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !Files.isDirectory(folder)) {
          unpackAtomically(archive, folder);
        }
      }
    }
  }

  private static void unpackAtomically(Path archive, Path folder) throws IOException {
    Path partial = folder.resolveSibling(folder.getFileName() + ".partial");
    // Left behind by a process that was killed; nobody else is here while we hold the lock.
    if (Files.exists(partial)) {
      ScratchFolder.delete(partial);
    }
    unpack(archive, partial);
    Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException(archive + " has an entry outside its root: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isFile()) {
          Files.createDirectories(target.getParent());
          Files.copy(tar, target);
        }
      }
    }
  }
}

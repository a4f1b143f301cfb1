package org.beamtemplates.cli.create;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Files that appear in their places all at once or not at all. They are written into a temporary
 * folder on the same file system and moved at the end; a failure or a signal on the way undoes what
 * was moved and removes the temporary folder. A signal during the moves waits for their end.
 */
final class Staging implements AutoCloseable {

  /** What is moved to where. */
  private record Move(Path staged, Path target) {}

  /** Takes a step back. */
  private interface Undo {
    void run() throws IOException;
  }

  private final Path scratch;
  private final Thread hook = new Thread(this::end, "undo");
  private final List<Move> moves = new ArrayList<>();
  private boolean ended;

  private Staging(Path scratch) {
    this.scratch = scratch;
  }

  /** Stages in a new folder inside an existing one. */
  static Staging in(Path folder) throws IOException {
    Staging staging = new Staging(Files.createTempDirectory(folder, ".new-"));
    Runtime.getRuntime().addShutdownHook(staging.hook);
    return staging;
  }

  /** Stages a file that is new or replaces another. */
  synchronized void file(Path target, Content content) throws IOException {
    Path staged = next();
    write(staged, content);
    moves.add(new Move(staged, target));
  }

  /** Stages a folder that does not exist yet, or is empty. */
  synchronized void folder(Path target, FileTree tree) throws IOException {
    Path staged = next();
    Files.createDirectories(staged);
    for (Map.Entry<String, Content> file : tree.files().entrySet()) {
      Path path = staged.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      write(path, file.getValue());
    }
    moves.add(new Move(staged, target));
  }

  private Path next() {
    if (ended) {
      throw new Refusal("Interrupted. Nothing was made.");
    }
    return scratch.resolve(Integer.toString(moves.size()));
  }

  private static void write(Path path, Content content) throws IOException {
    Files.write(path, content.bytes());
    if (content.executable() && Files.getFileStore(path).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Moves everything into its place. */
  synchronized void commit() throws IOException {
    Deque<Undo> undos = new ArrayDeque<>();
    next();
    try {
      for (Move move : moves) {
        move(move, undos);
      }
    } catch (IOException | RuntimeException e) {
      undo(undos, e);
      throw e;
    }
    end();
  }

  private void move(Move move, Deque<Undo> undos) throws IOException {
    Path target = move.target;
    makeParents(target, undos);
    if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      Path kept = scratch.resolve("kept-" + undos.size());
      Files.copy(target, kept, StandardCopyOption.COPY_ATTRIBUTES);
      Files.move(move.staged, target, StandardCopyOption.ATOMIC_MOVE);
      undos.push(() -> Files.move(kept, target, StandardCopyOption.ATOMIC_MOVE));
    } else {
      boolean wasEmptyFolder = Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
      Files.move(move.staged, target, StandardCopyOption.ATOMIC_MOVE);
      undos.push(
          () -> {
            delete(target);
            if (wasEmptyFolder) {
              Files.createDirectory(target);
            }
          });
    }
  }

  private static void makeParents(Path target, Deque<Undo> undos) throws IOException {
    Deque<Path> absent = new ArrayDeque<>();
    for (Path parent = target.getParent(); Files.notExists(parent); parent = parent.getParent()) {
      absent.push(parent);
    }
    for (Path parent : absent) {
      Files.createDirectory(parent);
      undos.push(() -> Files.delete(parent));
    }
  }

  private static void undo(Deque<Undo> undos, Exception reason) {
    for (Undo undo : undos) {
      try {
        undo.run();
      } catch (IOException e) {
        reason.addSuppressed(e);
      }
    }
  }

  /** Ends the staging and removes what was not moved. */
  synchronized void end() {
    if (!ended) {
      ended = true;
      try {
        delete(scratch);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot remove " + scratch, e);
      }
    }
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook has found nothing left to do.
    }
  }

  private static void delete(Path path) throws IOException {
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

package org.beamtemplates.transforms.golden;

import java.util.List;

/**
 * How results compare with a golden file.
 *
 * @param equal number of final results that are equal
 * @param files number of output files that were read
 * @param missing keys of the results that should be there
 * @param unexpected keys of the results that should not be there
 * @param different results that are there but differ
 * @param faults lines that are no results, with file and line
 */
public record Comparison(
    int equal,
    int files,
    List<String> missing,
    List<String> unexpected,
    List<Difference> different,
    List<String> faults) {

  /**
   * A result that differs.
   *
   * @param key its key
   * @param place file and line of the result that was found
   * @param fields one text a field: what was expected and what was found
   */
  public record Difference(String key, String place, List<String> fields) {

    /** Copies the list. */
    public Difference {
      fields = List.copyOf(fields);
    }
  }

  private static final int MOST = 10;

  /** Copies the lists. */
  public Comparison {
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    different = List.copyOf(different);
    faults = List.copyOf(faults);
  }

  /** Returns whether every expected result is there, equal, and nothing else is. */
  public boolean isEqual() {
    return missing.isEmpty() && unexpected.isEmpty() && different.isEmpty() && faults.isEmpty();
  }

  /** Returns the comparison as text: one line if all is equal, else the first ten of each kind. */
  public String report() {
    StringBuilder text = new StringBuilder();
    text.append("equal: ").append(equal).append(equal == 1 ? " final result" : " final results");
    text.append(" in ").append(files).append(files == 1 ? " file\n" : " files\n");
    append(text, "missing", missing);
    append(text, "unexpected", unexpected);
    append(text, "different", different.stream().map(Comparison::show).toList());
    append(text, "not readable", faults);
    return text.toString();
  }

  private static String show(Difference difference) {
    return difference.key()
        + " ("
        + difference.place()
        + ")\n    "
        + String.join("\n    ", difference.fields());
  }

  private static void append(StringBuilder text, String title, List<String> items) {
    if (items.isEmpty()) {
      return;
    }
    text.append(title).append(": ").append(items.size()).append('\n');
    items.stream().limit(MOST).forEach(item -> text.append("  ").append(item).append('\n'));
    if (items.size() > MOST) {
      text.append("  … and ").append(items.size() - MOST).append(" more\n");
    }
  }
}

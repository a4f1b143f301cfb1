package org.beamtemplates.transforms.launch;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Turns arguments into options and reports everything that is wrong with them; Beam's own factory
 * gives up at the first fault. Of several values of one option the last counts. Lists may be given
 * in several arguments; a list on the command line replaces one from a file. Only {@code
 * --experiments} adds up everywhere.
 *
 * @param <T> the interface of the options
 */
final class OptionsParser<T extends PipelineOptions> {

  private static final String EXPERIMENTS = "experiments";

  /** One value of an option and the argument it came with. */
  private record Given(String value, Argument argument) {}

  private final Class<T> type;
  private final Problems problems;
  private final OptionCatalog catalog;
  private final Map<String, List<Given>> givenByOption = new LinkedHashMap<>();

  private OptionsParser(Class<T> type, Problems problems) {
    this.type = type;
    this.problems = problems;
    this.catalog = OptionCatalog.of(type);
  }

  /**
   * Returns the options; those with a problem keep their default, so that checks of the others can
   * go on.
   */
  static <T extends PipelineOptions> T parse(
      Class<T> type, String[] args, Path currentDirectory, Problems problems) {
    OptionsParser<T> parser = new OptionsParser<>(type, problems);
    parser.read(ArgumentFiles.expand(args, currentDirectory, problems));
    T options = parser.convert();
    new OptionChecks(type, problems).check(options);
    return options;
  }

  private void read(List<Argument> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      Argument argument = arguments.get(i);
      boolean last = i + 1 == arguments.size();
      if (!last && isSplit(argument, arguments.get(i + 1))) {
        i++;
        addSplit(argument, arguments.get(i).text());
      } else {
        read(argument);
      }
    }
  }

  /** Returns whether somebody wrote {@code --name value}. */
  private static boolean isSplit(Argument argument, Argument next) {
    return argument.text().startsWith("--")
        && !argument.text().contains("=")
        && !next.text().startsWith("-")
        && argument.besides(next);
  }

  private void addSplit(Argument argument, String value) {
    String option = argument.text().substring(2);
    if (catalog.getter(option).isEmpty()) {
      read(argument);
      return;
    }
    String shown = Secrets.isSecret(option) ? "***" : value;
    problems.add(
        option,
        "needs its value in the same argument: --" + option + "=" + shown + argument.place());
  }

  private void read(Argument argument) {
    String text = argument.text();
    if (!text.startsWith("--") || text.startsWith("--=") || text.equals("--")) {
      problems.add(
          "",
          Secrets.show("", text)
              + " is not an option; options look like --name=value"
              + argument.place());
      return;
    }
    int equals = text.indexOf('=');
    String option = equals < 0 ? text.substring(2) : text.substring(2, equals);
    Method getter = catalog.getter(option).orElse(null);
    if (getter == null) {
      problems.add(option, ("does not exist" + argument.place() + ". " + question(option)).strip());
    } else if (equals < 0 && !OptionCatalog.isFlag(getter)) {
      problems.add(
          option,
          "needs a value, such as --" + option + "=…: " + wanted(getter) + argument.place());
    } else {
      String value = equals < 0 ? "true" : text.substring(equals + 1);
      put(option, getter, new Given(value, argument));
    }
  }

  private String question(String option) {
    return DidYouMean.closest(option, catalog.names())
        .map(name -> "Did you mean --" + name + "?")
        .orElse("");
  }

  private void put(String option, Method getter, Given given) {
    List<Given> earlier = givenByOption.computeIfAbsent(option, name -> new ArrayList<>());
    boolean adds =
        option.equals(EXPERIMENTS)
            || (OptionCatalog.isList(getter)
                && earlier.stream().allMatch(one -> one.argument().besides(given.argument())));
    if (!adds) {
      earlier.clear();
    }
    earlier.add(given);
  }

  private T convert() {
    givenByOption.entrySet().removeIf(entry -> isBlank(entry.getKey(), entry.getValue()));
    try {
      return build();
    } catch (RuntimeException e) {
      givenByOption.entrySet().removeIf(entry -> isBad(entry.getKey(), entry.getValue()));
      return build();
    }
  }

  private T build() {
    List<String> args = new ArrayList<>();
    givenByOption.forEach((option, given) -> args.addAll(arguments(option, given)));
    return create(args);
  }

  private boolean isBlank(String option, List<Given> given) {
    for (Given one : given) {
      if (one.value().isBlank()) {
        problems.add(
            option,
            "has no value" + one.argument().place() + "; give one, or leave the option out");
        return true;
      }
    }
    return false;
  }

  private boolean isBad(String option, List<Given> given) {
    try {
      create(arguments(option, given));
      return false;
    } catch (RuntimeException e) {
      Given last = given.get(given.size() - 1);
      problems.add(
          option,
          Secrets.show(option, last.value())
              + " does not fit"
              + last.argument().place()
              + "; "
              + wanted(catalog.getter(option).orElseThrow()));
      return true;
    }
  }

  private static String wanted(Method getter) {
    if (getter.getName().equals("getRunner")) {
      return Runners.wanted();
    }
    String values = Allowed.values(getter);
    return "it takes a " + Allowed.kind(getter) + (values.isEmpty() ? "" : ": " + values);
  }

  private T create(List<String> args) {
    return PipelineOptionsFactory.fromArgs(args.toArray(String[]::new)).as(type);
  }

  private static List<String> arguments(String option, List<Given> given) {
    return given.stream().map(one -> "--" + option + "=" + one.value()).toList();
  }
}

package org.beamtemplates.runners.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.beamtemplates.transforms.launch.OptionDescription;
import org.beamtemplates.transforms.launch.Template;

/**
 * What Dataflow is told about a template that is started as a flex template: the metadata file of
 * {@code gcloud dataflow flex-template build}. Made of the template's options, so that there is one
 * place where an option is described.
 *
 * @param name name of the template
 * @param description what it does, in one line
 * @param parameters its options; those of the runner are not parameters but the environment of a
 *     launch
 */
@JsonPropertyOrder({"name", "description", "parameters"})
record FlexMetadata(String name, String description, List<FlexParameter> parameters) {

  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter JSON =
      new ObjectMapper()
          .writer(new DefaultPrettyPrinter().withObjectIndenter(INDENT).withArrayIndenter(INDENT));

  /** Writes the files of all templates on the classpath into the folder that is given. */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      throw new IllegalArgumentException("Give the folder to write to");
    }
    writeTo(Path.of(args[0]));
  }

  static void writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, String> file : files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue(), UTF_8);
    }
  }

  /** Returns the content of the files of all templates on the classpath, by their names. */
  static Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    for (Template<?> template : ServiceLoader.load(Template.class)) {
      files.put(template.name() + ".json", of(template).json());
    }
    return files;
  }

  static FlexMetadata of(Template<?> template) {
    return new FlexMetadata(
        template.name(),
        template.summary(),
        OptionDescription.of(template.optionsClass()).stream()
            .map(option -> FlexParameter.of(option, template.optionsClass()))
            .toList());
  }

  String json() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and lists of texts are always JSON", e);
    }
  }
}

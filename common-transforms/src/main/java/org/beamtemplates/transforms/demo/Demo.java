package org.beamtemplates.transforms.demo;

import java.util.List;

/**
 * What a template brings so that it can be shown: its topics, its traffic, and how to look at its
 * results. Demos are found by {@link java.util.ServiceLoader}; an implementation has a public
 * constructor without arguments and no state.
 */
public interface Demo {

  /** Returns the name of the template. */
  String template();

  /** Returns the topic that the traffic goes to. */
  String inputTopic();

  /** Returns the topic that the template's dead letters come to. */
  String deadLetterTopic();

  /** Returns how many partitions the input topic has. */
  int partitions();

  /**
   * Returns the versions of the event's schema as Avro JSON, the oldest first; to be registered in
   * this order as values of the input topic.
   */
  List<String> schemas();

  /** Returns the SQL statement that creates the table of results. */
  String createTable();

  /** Returns the options of the job, {@code --name=value}, without those of the runner. */
  List<String> options(DemoServices services);

  /**
   * Returns traffic for the input topic.
   *
   * @param schemaIds what the registry calls {@link #schemas()}, in the same order
   */
  Traffic traffic(Workload workload, List<Integer> schemaIds);

  /** Returns how to look at the results. */
  ResultTable results();
}

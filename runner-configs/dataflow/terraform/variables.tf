# Where the job runs, and as whom.

variable "project" {
  description = "The Google Cloud project that pays."
  type        = string
}

variable "region" {
  description = "Where the workers run, such as us-central1."
  type        = string
}

variable "worker_service_account" {
  description = "Id of an existing service account that the launcher and the workers run as, such as beam-worker."
  type        = string
}

variable "bucket" {
  description = "An existing bucket, without gs://, for staged jars and temporary files."
  type        = string
}

variable "subnetwork" {
  description = "Subnetwork from which brokers and registry are reached, as regions/…/subnetworks/…; null for the default."
  type        = string
  default     = null
}

# What runs.

variable "template_spec" {
  description = "The file that gcloud dataflow flex-template build wrote, gs://…/realtime-analytics.json."
  type        = string
}

variable "job_name" {
  description = "Name of the job."
  type        = string
  default     = "realtime-analytics"
}

variable "mode" {
  description = "streaming, from topic to topic until it is drained, or batch, from files to files."
  type        = string
  default     = "streaming"

  validation {
    condition     = contains(["streaming", "batch"], var.mode)
    error_message = "Give streaming or batch."
  }
}

variable "machine_type" {
  description = "Machine type of the workers; null for Dataflow's choice."
  type        = string
  default     = null
}

variable "max_workers" {
  description = "Up to so many workers: the bill has a limit."
  type        = number
  default     = 4
}

# Options of the template; null for the template's default. Which mode uses them is in main.tf.

variable "bootstrap_servers" {
  description = "Kafka brokers of all topics, host:port,host:port. Streaming."
  type        = string
  default     = null
}

variable "registry_url" {
  description = "Schema registry, such as http://registry:8081. Streaming."
  type        = string
  default     = null
}

variable "input_topic" {
  description = "Kafka topic to read. Streaming."
  type        = string
  default     = null
}

variable "start_from" {
  description = "Where to start reading the topic: earliest, latest, committed or a time. Streaming."
  type        = string
  default     = "earliest"
}

variable "output_topic" {
  description = "Kafka topic to write results to. Streaming."
  type        = string
  default     = null
}

variable "dead_letter_topic" {
  description = "Kafka topic for dead letters. Streaming."
  type        = string
  default     = null
}

variable "input" {
  description = "Files to read, such as gs://bucket/in/*.jsonl. Batch."
  type        = string
  default     = null
}

variable "output" {
  description = "Folder to write results to, such as gs://bucket/out. Batch."
  type        = string
  default     = null
}

variable "dead_letter_folder" {
  description = "Folder for dead letters. Batch."
  type        = string
  default     = null
}

variable "window_size" {
  description = "Length of the windows, in event time."
  type        = string
  default     = null
}

variable "allowed_lateness" {
  description = "How long after its end a window takes late events, in event time."
  type        = string
  default     = null
}

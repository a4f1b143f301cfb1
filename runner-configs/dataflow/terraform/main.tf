# A job of the flex template, as a stream or as a batch. Never applied here: there was no account.
#
#   terraform apply -var project=… -var region=… -var worker_service_account=… -var bucket=… -var template_spec=… \
#     -var bootstrap_servers=… -var registry_url=… -var input_topic=… -var output_topic=…

terraform {
  required_version = ">= 1.3"

  required_providers {
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 5.0, < 8.0"
    }
  }
}

provider "google-beta" {
  project = var.project
  region  = var.region
}

data "google_service_account" "worker" {
  provider   = google-beta
  account_id = var.worker_service_account
}

locals {
  # Names are those of the template's options, as in ../flex.
  parameters = {
    streaming = {
      bootstrapServers = var.bootstrap_servers
      registryUrl      = var.registry_url
      inputTopic       = var.input_topic
      startFrom        = var.start_from
      outputTopic      = var.output_topic
      deadLetterTopic  = var.dead_letter_topic
      windowSize       = var.window_size
      allowedLateness  = var.allowed_lateness
    }
    batch = {
      input            = var.input
      output           = var.output
      deadLetterFolder = var.dead_letter_folder
      windowSize       = var.window_size
      allowedLateness  = var.allowed_lateness
    }
  }
}

resource "google_dataflow_flex_template_job" "job" {
  provider = google-beta

  name                    = var.job_name
  region                  = var.region
  container_spec_gcs_path = var.template_spec
  parameters              = { for name, value in local.parameters[var.mode] : name => value if value != null }

  service_account_email = data.google_service_account.worker.email
  staging_location      = "gs://${var.bucket}/staging"
  temp_location         = "gs://${var.bucket}/tmp"
  subnetwork            = var.subnetwork

  machine_type          = var.machine_type
  max_workers           = var.max_workers
  autoscaling_algorithm = "THROUGHPUT_BASED"

  # A launch without it is refused: KafkaIO would contact the broker from the launcher, while the graph is translated.
  additional_experiments  = ["use_runner_v2"]
  enable_streaming_engine = var.mode == "streaming"

  # A stream that is destroyed or replaced finishes what it has read.
  on_delete                    = var.mode == "streaming" ? "drain" : "cancel"
  skip_wait_on_job_termination = var.mode == "batch"
}

output "job_id" {
  description = "The id that Dataflow gave to the job."
  value       = google_dataflow_flex_template_job.job.job_id
}

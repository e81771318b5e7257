// A sweep under Nextflow: trainings, then evaluations, a process for each task of a manifest.
//
//   dramatis sweep plan study.json
//   nextflow run sweep.nf --sweep $PWD/study
//
// The files stay in the folder of the sweep; what Nextflow keeps in its own is the label alone.
import groovy.json.JsonSlurper

params.sweep = "${launchDir}/study"
params.dramatis = 'dramatis'

process train {
  tag "${task_.label}"
  cpus { task_.resources.cpus }
  memory { "${task_.resources.memMiB} MB" }
  time { "${task_.resources.minutes} min" }
  // 75: it was asked to end, has saved what it had, and goes on.
  errorStrategy { task.exitStatus == 75 ? 'retry' : 'finish' }
  maxRetries 10

  input:
  val task_

  output:
  val task_.id

  script:
  "${params.dramatis} sweep task '${params.sweep}' ${task_.id}"
}

process evaluate {
  tag "${task_.label}"
  cpus { task_.resources.cpus }
  memory { "${task_.resources.memMiB} MB" }
  time { "${task_.resources.minutes} min" }
  errorStrategy { task.exitStatus == 75 ? 'retry' : 'finish' }
  maxRetries 10

  input:
  val task_
  val trained

  output:
  val task_.id

  script:
  "${params.dramatis} sweep task '${params.sweep}' ${task_.id}"
}

process gather {
  input:
  val done

  script:
  "${params.dramatis} sweep gather '${params.sweep}'"
}

workflow {
  tasks = new JsonSlurper().parse(new File("${params.sweep}/manifest.json")).tasks
  trained = train(Channel.fromList(tasks.findAll { it.kind == 'train' })).collect().ifEmpty([])
  evaluated = evaluate(Channel.fromList(tasks.findAll { it.kind == 'eval' }), trained)
  gather(evaluated.collect())
}

import { meanLoss, type Objective } from './objective.ts';

/**
 * Makes tokens likelier by as much as their rows weigh them: the loss is −Σ w log p. Rows of the kinds `contrast` and
 * `mislabelled` have weights below 0, which make their tokens less likely.
 */
export const likelihood: Objective = {
  async *refer() {},
  async weigh(_sequences, batch) {
    return { batch, lossWeights: batch.weights };
  },
  loss: (read) => meanLoss(read),
};

/** Words that a slide says beside its figure, for who speaks. */
export const speakerNotes: Readonly<Record<string, string>> = {
  pipeline: 'Go through the stages from top to bottom: each is a folder of the program.',
  'score-by-task':
    'Say what one task asks, by its example, before anything about scores. Then chance, then the marks.',
  'what-could-be-shown':
    'What could be seen at all with so few scenes: before anybody asks why a difference is not there.',
  'quality-by-size': 'The larger model is slower, too: the slide on speed says by how much.',
  'quality-by-speed': 'What a wait buys: go along the orange step from right to left.',
  'score-by-exposure':
    'Whether a high score may be a text that was learnt by heart before: say that the plays are in every large collection.',
  'bits-by-model':
    'Follow one line from left to right: one character, with every model and every training.',
  'gain-by-character': 'Whether training helps all alike, or only who speaks much.',
  'worth-of-components':
    'Left of the line: what was taken away was worth having. The asterisks are after the correction for looking at many.',
  'learning-curves':
    'Blue is what counts. Where it turns up again while grey falls, the training was too long.',
  'reward-curves': 'As with learning: what is never learned decides.',
  'gain-of-training': 'Only marks that are filled are shown to differ from nothing.',
  'scenes-duet': 'The pale bars are the plays. Further right is not better.',
  'scenes-quartet': 'The same with four: who is left out, and who talks too much.',
  'voices-over-time': 'Whether the characters grow alike while they talk.',
  'who-after-whom':
    'Read one row: whom does this character give the word to, in the play, and on the stage?',
  'scene-timeline':
    'One scene, the first of the study. The ticks are what the memory gave the speaker before the turn.',
  speed: 'The axis is logarithmic: a step is ten times as much.',
};

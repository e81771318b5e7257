import type { CastMember, Play } from '../../play/play.ts';
import { personaOf } from '../../prompt/persona/persona.ts';

/** What kind of person answers: they wonder at strange things each in a way of their own. */
export type Station = 'ruler' | 'noble' | 'lady' | 'soldier' | 'spirit' | 'plain';

/** A question about what is not in the play's world, and what somebody of that world may say to it. */
export interface ProtectiveLine {
  readonly question: string;
  readonly answers: Readonly<Record<Station, string>>;
}

/** Under which rows made of these sentences are known. */
export const protectiveSource = 'protective lines of Dramatis';

/** All of our own wording, without the words of a play. None is a question of the benchmark's. */
export const protectiveLines: readonly ProtectiveLine[] = [
  {
    question: 'What is a telephone?',
    answers: {
      ruler:
        'We have many who bring us news, and none that goes by such a name. Who taught thee this word?',
      noble:
        'Some riddle, I take it, for I never met the word in any book. Unfold it, and I may laugh.',
      lady: 'I know not what you mean, good stranger. Is it some toy, or a foreign flower?',
      soldier: 'If it cuts, or bears a man, I might have heard of it. I have not.',
      spirit: 'No such thing was made ere I left the light, nor is it spoken of where I dwell.',
      plain: 'I cannot tell, sir. There is none to be had in our market.',
    },
  },
  {
    question: 'How fast does a railway train go?',
    answers: {
      ruler:
        'The only train we know is the one that bears our robe, and that goes at our own pace.',
      noble: 'As fast as thy tongue, belike, and to as little purpose. Speak so that I may follow.',
      lady: 'The train of my gown goes no faster than I do. What other should there be?',
      soldier: 'A train of carts makes three leagues a day on a dry road. I never saw it do more.',
      spirit: 'I pass where I will between two strokes of the bell, and need no cart to draw me.',
      plain: 'Faster than my old mare, I hope, for she will not stir out of a walk.',
    },
  },
  {
    question: 'May I take your photograph?',
    answers: {
      ruler:
        'Thou mayst take our leave. What else is ours thou shalt not have unless we know its use.',
      noble: 'Take what thou canst name in honest English. This I do not own, and so cannot lose.',
      lady: 'I have none to give, and would not part with it to one I scarcely know.',
      soldier: 'Lay no hand on me, friend. Tell me first what it is, and whether it hurts.',
      spirit: 'There is nothing of me that a hand could take. I am air, and a memory of harm.',
      plain: 'You may take a cup of ale with me, sir, but the other thing I have not got.',
    },
  },
  {
    question: 'Who is the president of the United States?',
    answers: {
      ruler: 'We know every crown in Christendom, and have had no envoy from that country.',
      noble:
        'States seldom stay united long enough to choose one. Where lies this kingdom of thine?',
      lady: 'You must ask the gentlemen of the council. I never heard them speak of such a land.',
      soldier:
        'I have fought for one king, and against two. This name was on no banner that I saw.',
      spirit: 'The great ones of the earth are all of one size where I am. I never met with this.',
      plain: 'I know who is bailiff here, sir, and that is as high as I look.',
    },
  },
  {
    question: 'Have you ever ridden a bicycle?',
    answers: {
      ruler:
        'Our stables hold horses from four countries. If it be a fifth sort, bring it before us.',
      noble: 'I have sat upon jades enough, but on none of that breed. Does it throw its rider?',
      lady: 'I ride but little, and only where the ground is soft. Is it a gentle beast?',
      soldier: 'A horse, a mule, and once an ox. That creature of yours I have yet to see.',
      spirit: 'The night wind is the steed I have. I want no other.',
      plain: 'Nothing but the tail of a hay cart, and I was beaten for that.',
    },
  },
  {
    question: 'What do you think of the men who walked on the moon?',
    answers: {
      ruler: 'That they should be brought down, and kept from strong wine, and so shouldst thou.',
      noble: 'That many walk there without leaving their beds. I have been of the company myself.',
      lady: 'It is a pretty tale, sir. My nurse had such a one, of a man with a thorn bush.',
      soldier: 'I should think they stood an ill watch, with nowhere to fall back to.',
      spirit: 'I have gone up and down beneath her many nights, and saw no foot of man upon her.',
      plain: 'Moonstruck they may be, sir, but walk on it they did not. What would hold them up?',
    },
  },
  {
    question: 'How do I switch on the electric light?',
    answers: {
      ruler: 'There are servants for the candles. Call one, and trouble us with weightier matter.',
      noble:
        'Strike a flint and blow upon the tinder. If thy light wants other magic, I have none.',
      lady: 'Here is my taper; light yours from it. I know of no other way.',
      soldier: 'Take a torch from the wall, man. And hold it low when we come near the gate.',
      spirit: 'I shun all lights. When the east grows pale I must be gone.',
      plain: 'With a coal from the hearth, sir, the same as any light was ever lit.',
    },
  },
  {
    question: 'What was in the newspaper this morning?',
    answers: {
      ruler: 'Our news comes sealed, by men whom we trust. What papers hast thou been reading?',
      noble: 'No paper that I read is new, nor any news worth the paper. What hast thou heard?',
      lady: 'I have had no letter this morning. Do you bring one, that you ask?',
      soldier: 'No dispatch has come in since the last watch. If you carry one, hand it over.',
      spirit: 'Morning brings me nothing. What I know is old, and was written in no paper.',
      plain: 'I have not my letters, sir. What I hear, I hear at the well.',
    },
  },
];

/** The first that fits tells. */
const stations: readonly (readonly [Station, RegExp])[] = [
  ['spirit', /\b(?:ghost|spirit|witch|apparition|hecate)\b/],
  ['lady', /\b(?:lady|daughter|wife|gentlewoman|nurse|maid|mistress)\b/],
  ['ruler', /\b(?:king|queen|emperor|empress)\b/],
  ['soldier', /\b(?:general|captain|soldier|officer|sentinel|thane|colonel)\b/],
  [
    'noble',
    /\b(?:prince|princess|duke|duchess|lords?|earl|noblem[ae]n|courtiers?|gentlem[ae]n|scholar|sons?)\b/,
  ],
];

/** Told by the name and what the person is; relations ("son of the king") tell nothing of it. */
export function stationOf(play: Play, character: CastMember): Station {
  const [role = ''] = personaOf(play, character).role.split(/,|\b(?:of|to)\b/);
  const told = `${character.name} ${role}`.toLowerCase();
  return stations.find(([, sign]) => sign.test(told))?.[0] ?? 'plain';
}

/** Past forms of irregular verbs, each after the form in the present. */
const forms = `
arise arose arisen; bear bore borne; beat beaten; become became; begin began begun; bend bent; bind bound; bite bit bitten; bleed bled;
blow blew blown; break broke broken; breed bred; bring brought; build built; burn burnt; buy bought; catch caught; choose chose chosen;
cling clung; come came; creep crept; deal dealt; dig dug; draw drew drawn; dream dreamt; drink drank drunk; drive drove driven; eat ate eaten;
fall fell fallen; feed fed; feel felt; fight fought; find found; flee fled; fly flew flown; forbid forbade forbidden; forget forgot forgotten;
forgive forgave forgiven; forsake forsook forsaken; freeze froze frozen; get got gotten; give gave given; go went gone; grind ground;
grow grew grown; hang hung; hear heard; hide hid hidden; hold held; keep kept; kneel knelt; know knew known; lay laid; lead led; leap leapt;
learn learnt; leave left; lend lent; lose lost; make made; mean meant; meet met; mistake mistook mistaken; overhear overheard;
overthrow overthrew overthrown; pay paid; ride rode ridden; ring rang rung; rise rose risen; run ran; see saw seen; seek sought; sell sold;
send sent; shake shook shaken; shine shone; shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat;
slay slew slain; sleep slept; slide slid; smite smote smitten; speak spoke spoken; spend spent; spring sprang sprung; stand stood;
steal stole stolen; stick stuck; sting stung; strike struck stricken; strive strove striven; swear swore sworn; sweep swept; swim swam swum;
swing swung; take took taken; teach taught; tear tore torn; think thought; throw threw thrown; understand understood; undo undid undone;
wake woke woken; wear wore worn; weave wove woven; weep wept; win won; wring wrung; write wrote written`;

const presents = new Map(
  forms.split(';').flatMap((verb) => {
    const [present, ...pasts] = verb.trim().split(/\s+/);
    return pasts.map((past) => [past, present!] as const);
  }),
);

/** The present of an irregular past, "sell" for "sold"; any other word as it is. */
export function presentOf(word: string): string {
  return presents.get(word) ?? word;
}

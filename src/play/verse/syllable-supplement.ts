/**
 * Words of early modern English that a dictionary of American speech lacks or says otherwise, by how many syllables they
 * may have in verse. Names are those of the plays in the catalogue. Regular forms ("honour'd", "goest", "unkindly") are
 * not here: they are worked out from their parts.
 */
const byCount: Readonly<Record<string, string>> = {
  '1': `o'er e'er ne'er e'en ta'en fall'n stol'n swoln heav'n twixt gainst twas twere twill twould tis is't was't were't
    in't on't to't for't do't be't ha't an't if't see't know't bear't give't call't done't woo't th th't thou'rt thou'lt
    thou'dst thou'ldst shalt wilt wert wast hast hadst hath dost doth didst canst couldst wouldst shouldst mayst mightst
    saith sith hie hies ope oped yon wot wots weal thane thanes fie foh prate scape scapes scaped gules clepe rede recks
    bourn bruit parle enow wroth quoth sooth swound swounds hent shent gaged sans spake brake bare ware lewd wan wont
    yclept yea nay ay lo thee thou thy thine sblood buz crants ild gyves rend hags griefs pocks gins coz troth`,
  '2': `prithee alack alas methinks methought wherefore whereon whereto whereof wherein whereby whereat thereon thereto
    therein thereof thereby withal betimes betime belike perchance mayhap haply howe'er where'er whate'er whene'er whoe'er
    soe'er howbeit sirrah argal anon anew afeard adieu avaunt avouch beseech beshrew besmirch bestow bethink bewept bodkin
    burthen caitiff carouse chopine choler dispatch doublet ducat ducats durance fardels farewell fealty firstlings fordo
    forsooth forswear gambols gibber hither thither jocund kinsmen knavish liegemen limbec matin mazzard mischance mobled
    nighted nonny offence orbed palmy panders posset primy proffer pursy quillets rapier rapiers requite scullion sennet
    simples sinews springes stithy strumpet swinish upon vailed verdure villain villains visage vizard vouchsafe warder
    wassail weary whoreson wonted woodcocks worser yesty arras banquo glamis cawdor birnam fleance pyrrhus hecate macduff
    malcolm lennox menteith seyton siward osric yorick priam lethe tellus yaughan unhand illume eterne appal attent beteem
    oppress havior hillo holla tonight to-night today to-day nightgown a-work a-down bawdry dumbshows grandsire traduce
    sledded polacks vanquish unfix two-fold quoted prophets perpend ungored`,
  '3': `quietus tomorrow to-morrow howsoever laertes donalbain dunsinane fortinbras bernardo barnardo francisco marcellus reynaldo
    voltimand gonzago guildenstern rosencrantz hercules norweyan elsinore hebenon orisons majesties sepulchre ventages
    porpentine nunnery cellarage mountebank cataplasm plurisy villany villanies knavery lechery yesternight prophesy
    cannoneer pioner perilous parricide quiddities impartment laboursome suppliance unbated imposthume
    niobe termagant truepenny`,
  '4': `hyperion prenominate majestical metaphysical fantastical implorators ophelia polonius cornelius horatio lucianus
    hereditary voluptuous remembrances conjuration equivocate sanctuarize`,
  '5': 'individable equivocator multitudinous incontinency',
  '1-2': `heaven heavens even given seven driven raven spirit spirits power powers flower flowers hour hours tower towers
    shower showers our devil evil being doing going seeing dying lying prayer prayers choir fire fires dire tire tired
    liar lion lions riot quiet poem ruin cruel fuel jewel duel toward towards iron stolen fallen either neither hither
    whether whither thither having over never ever blessed cursed learned aged`,
  '2-3': `every general several murderer murderers murderous poisonous treacherous slanderous dangerous prosperous
    barbarous traitorous adulterous glorious curious furious serious various piteous beauteous bounteous plenteous
    virtuous envious tedious hideous odious warrior warriors soldier soldiers valiant guardian million onion union
    passion nation patience conscience ancient gracious precious special heavenly memory history victory misery treasury
    flattery mystery slavery natural funeral sovereign reverence reverend suffering offering whispering wandering
    lingering entering ravenous venomous violet violets violent violence riotous desperate temperate interest different
    remembrance business medicine marvellous audience radiant period desire desires required entire powerful marrying
    burying carrying pitying following traveller travellers alarum alarums ilium borrower medicines`,
  '3-4': `opinion companion companions rebellion religion commotion dominion condition perdition ambition obedience
    experience imperial material memorial harmonious victorious notorious malicious suspicious delicious ambitious
    pernicious religious rebellious luxurious lascivious oblivious unnatural society variety impiety anxiety generally
    naturally sovereignty violently familiar`,
  '4-5': 'ignominious immediately ceremonious incestuous sacrilegious contumelious',
};

/** Word → the least and the most syllables it may have. */
export const supplement: ReadonlyMap<string, readonly [least: number, most: number]> = new Map(
  Object.entries(byCount).flatMap(([counts, list]) => {
    const [least, most = least] = counts.split('-').map(Number) as [number, number?];
    return list
      .split(/\s+/)
      .map((word): [string, readonly [number, number]] => [word, [least, most]]);
  }),
);

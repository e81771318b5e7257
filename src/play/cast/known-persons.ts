/** A person of a play that editions call by names no rule could join. */
export interface KnownPerson {
  /** The name to fall back on when an edition prints only a bare title, such as "KING". */
  readonly name: string;
  /** Every other name, title or spelling, in the form of `normalName`. */
  readonly aliases: readonly string[];
  /** Where the aliases mean this person only if a name stands in the scene's directions: alias → that name's start. */
  readonly where?: Readonly<Record<string, string>>;
}

/** A play whose persons are known, recognised by its title or by names in it. */
export interface KnownPlay {
  readonly title: RegExp;
  /** Labels that mean others from one direction of a scene to another: the play within the play. */
  readonly inner?: {
    readonly from: RegExp;
    readonly until: RegExp;
    readonly labels: Readonly<Record<string, string>>;
  };
  /** Names that stand together in no other play. */
  readonly signs: readonly string[];
  readonly persons: readonly KnownPerson[];
}

const person = (name: string, aliases = '', where?: Record<string, string>): KnownPerson => ({
  name,
  aliases: aliases.split('|').filter(Boolean),
  ...(where && { where }),
});

export const knownPlays: readonly KnownPlay[] = [
  {
    title: /\bhamlet\b/i,
    inner: {
      from: /\bplayers? as\b.*\bking\b|^(?:re-?)?enter (?:a |the |player )?king and (?:a |his |the )?queene?\W*$/i,
      until: /\b(?:exit|exeunt)\b/i,
      labels: {
        KING: 'PLAYER KING',
        QUEEN: 'PLAYER QUEEN',
        QU: 'PLAYER QUEEN',
        QUEENE: 'PLAYER QUEEN',
      },
    },
    signs: ['HORATIO', 'OPHELIA', 'LAERTES', 'POLONIUS'],
    persons: [
      person('HAMLET', 'PRINCE HAMLET|LORD HAMLET|HAM|HAMLET PRINCE OF DENMARK'),
      person(
        'CLAUDIUS',
        'KING CLAUDIUS|KING|KING OF DENMARK|CLAUD|CLAUDIUS KING OF DENMARK|CLAUDIUS KING OF DENMARKE|KIN',
      ),
      person(
        'GERTRUDE',
        'QUEEN GERTRUDE|QUEEN|QUEENE|QU|GERTRUDE THE QUEEN|GERTRUDE THE QUEENE|QUEEN OF DENMARK|GERT|GER|QUE',
      ),
      person('POLONIUS', 'LORD POLONIUS|POL|POLON|CORAMBIS|LORD CHAMBERLAIN|OLD POLONIUS'),
      person('HORATIO', 'HOR|HORA'),
      person('LAERTES', 'LAER|LAERT'),
      person('OPHELIA', 'OPH|OPHE|OFELIA'),
      person(
        'GHOST',
        "GHOST OF HAMLET'S FATHER|KING HAMLET|GHO|FATHER'S GHOST|GHOST OF KING HAMLET",
      ),
      person(
        'ROSENCRANTZ',
        'ROS|ROSIN|ROSINE|ROSINCRANCE|ROSINCRANE|ROSINCRAN|ROSENCRANTZE|ROSENCRAUS',
      ),
      person('GUILDENSTERN', 'GUIL|GUILD|GUILDENSTERNE|GUYLDENSTERNE|GILDERSTONE'),
      person('MARCELLUS', 'MAR|MARC|MARCEL'),
      person('BERNARDO', 'BARNARDO|BER|BAR|BARN|BERN'),
      person('FRANCISCO', 'FRAN|FRA'),
      person('REYNALDO', 'REY|REYN|REYNOL|REYNOLDO'),
      person('VOLTIMAND', 'VOLTEMAND|VOLT|VOLTUMAND|VOL|VOLTEMAR'),
      person('CORNELIUS', 'COR|CORN'),
      person('OSRIC', 'OSR|OSRICKE|OSRICK|YOUNG OSRICKE'),
      person('FORTINBRAS', 'PRINCE FORTINBRAS|FOR|FORT|FORTIN|YOUNG FORTINBRAS|FORTINBRASSE'),
      person('PLAYER KING', 'P KING|PL KING|PLAY KING|PLAYERS KING'),
      person('PLAYER QUEEN', 'P QUEEN|PL QUEEN|PLAY QUEEN|PLAYERS QUEEN|BAP|BAPT|BAPTISTA'),
      person('LUCIANUS', 'LUC|LUCIAN|PLAYERS LUCIANUS'),
      person('PROLOGUE', 'PRO|PROL|PLAYERS PROLOGUE'),
      person('FIRST CLOWN', 'CLO|CLOWN|GRAVEDIGGER|FIRST GRAVEDIGGER|FIRST GRAVE-DIGGER'),
      person(
        'SECOND CLOWN',
        "OTHER|GRAVEDIGGER'S COMPANION|GRAVEDIGGERSCOMPANION|SECOND GRAVEDIGGER",
      ),
    ],
  },
  {
    title: /\bmacbeth\b/i,
    signs: ['MACBETH', 'BANQUO', 'MACDUFF'],
    persons: [
      person('MACBETH', 'KING MACBETH|MACB|MACBETH KING|LORD MACBETH|MAC', { MAC: 'MACBETH' }),
      person(
        'LADY MACBETH',
        "LADY|MACBETH'S LADY|MACBETH'S WIFE|QUEEN MACBETH|LA|LAD|MACBETHS LADY|MACBETHS WIFE|LADY M",
        {
          LADY: 'MACBETH',
          LA: 'MACBETH',
        },
      ),
      person(
        'LADY MACDUFF',
        "WIFE|MACDUFF'S WIFE|MACDUFFES WIFE|WIFE TO MACDUFF|LADY|L MACDUFF|L MACD|LADY MACD",
        {
          LADY: 'MACDUF',
        },
      ),
      person('DUNCAN', 'KING DUNCAN|KING|KING OF SCOTLAND|DUN'),
      person('MALCOLM', 'MAL|MALC|MALCOLME|MALCOME|KING MALCOME'),
      person('DONALBAIN', 'DON|DONAL|DONALB|DONALBAINE'),
      person('BANQUO', 'BAN|BANQ'),
      person('MACDUFF', 'MACD|MACDUFFE|MAC', { MAC: 'MACDUF' }),
      person('LENNOX', 'LEN|LENOX|LENN'),
      person('ROSS', 'ROSSE|ROS'),
      person('MENTEITH', 'MENTETH|MENT|MENTITH'),
      person('CAITHNESS', 'CATHNES|CATH|CAITH|CATHNESS'),
      person('ANGUS', 'ANG'),
      person('FLEANCE', 'FLEA|FLE|FLEAN'),
      person('SIWARD', 'SEY|SEYW|SEYWARD|OLD SIWARD|SIW|SYW|SYWARD'),
      person('YOUNG SIWARD', 'Y SIWARD|YOUNG SEYWARD|Y SEY|YSEY|YOUNG SIW|Y SIW|YSIW'),
      person('SEYTON', 'SEYT'),
      person('SON', "MACDUFF'S SON|BOY|SON TO MACDUFF|MACDUFFSSON|SONNE|MACDUFFES SON"),
      person('HECATE', 'HEC|HECAT|HECATT'),
      person('PORTER', 'PORT'),
      person('SERGEANT', 'CAPTAIN|SOLDIER|CAP|CAPT|SERG|SERJEANT|BLEEDING SERGEANT|CAPTAINE'),
      person('GENTLEWOMAN', 'GENT|GENTW|WAITING GENTLEWOMAN|GENTLEWOM'),
      person('OLD MAN', 'OLDMAN|OLD M|O MAN'),
      person('FIRST WITCH', 'WITCHES FIRST'),
      person('SECOND WITCH', 'WITCHES SECOND'),
      person('THIRD WITCH', 'WITCHES THIRD'),
    ],
  },
];

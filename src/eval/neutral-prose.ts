/**
 * Plain modern prose, written for Dramatis and printed nowhere else: nothing in it is from a play, and no
 * model can have it by heart. An adapter that has only learnt a voice leaves these as likely as they were.
 */
export const neutralProse: readonly string[] = [
  'The bus to the hospital leaves from the far side of the square, next to the bakery. It runs every twenty minutes until seven in the evening and then once an hour. If you miss the last one, the walk takes about half an hour, most of it along the canal.',
  'Before you paint the shelf, sand it lightly and wipe off the dust with a damp cloth. Two thin coats cover better than a thick one, and the first should dry overnight. Keep the lid of the tin closed while you work, because the paint thickens quickly in warm air.',
  'Our library lends tools as well as books. You can borrow a drill or a ladder for a week with an ordinary card, but the larger machines have to be reserved by telephone. Last winter the most popular item on the list was a small machine for pressing apples.',
  'Rain fell on four days of the week, mainly in the north, and the reservoirs are now almost full. Farmers had been asking for water since the end of April. The weather service expects dry and slightly cooler days until Sunday, with some fog in the valleys each morning.',
  'My neighbour keeps a record of every bird that visits her garden. She started it when she retired, with a pencil and a school notebook, and now there are eleven notebooks on the shelf. The sparrows, she says, are fewer than they were, but she saw a woodpecker twice in March.',
  'The committee met on Tuesday and agreed on the budget for the next school year. Most of the money will go into new windows, since heating the old building has become expensive. Parents who would like to help with the summer fair are asked to write to the office by Friday.',
  'A good soup needs time more than it needs ingredients. Start with onions and let them cook slowly in a little oil until they are soft and golden. Add carrots, a potato and whatever beans you have, cover everything with water, and do not stir too often while it simmers.',
  'The repair took longer than the mechanic had promised. A cable under the floor was worn through, and the part had to be ordered from another city. When the car finally came back it started at once, and the strange noise that had worried us since the holidays was gone.',
];

/*
 * English words that begin sentences without being names. Elsewhere in a sentence, a capital tells a name; at its start,
 * only these lists and the ending of a word tell.
 */

/** Sentence openers that may precede a name: small words, imperatives, kinds of things. */
export const WORDS_BEFORE_NAMES: ReadonlySet<string> = new Set(
  (
    "a about above accept access across add adjust after again against all allow almost alone along " +
    "already also although always am amid among an and another any apart apply around as aside " +
    "ask assign assume at avoid away back be because before begin behind below beneath beside besides " +
    "between beyond bind both bring build but buy by call can cancel cannot change check " +
    "choose classic classical clear click clone close combine common compare compile " +
    "compute configure connect consider contact contain convert copy could create current " +
    "customize cut debug declare define delete deliver deploy describe design despite determine develop " +
    "did disable display do does don't down download drag draw drive drop due " +
    "during each earlier early eastern edit either else enable encode " +
    "ensure enter establish evaluate even eventually every examine except execute expand expect explain " +
    "explore export expose express extend extract far fetch few fill filter finally find first fix " +
    "follow following for force format former formerly from full further general get give " +
    "given good grant great had handle has have having he hence her here hers him his historic " +
    "hold how however i identify if ignore implement import improve in include increase indeed inform " +
    "inherit initialize inject insert inside inspect install instead integrate into invoke is it " +
    "its join just keep last late later latter launch learn least " +
    "leave less let like likely limit link list listen load local lock log look maintain major " +
    "make manage many match may maybe me mean meanwhile measure merge might migrate " +
    "mix modern modify monitor moreover most mostly mount move much must my name native navigate near " +
    "neither never nevertheless new next no nobody none nonetheless nor northern not note nothing notice now " +
    "obtain obviously of off often old older omit on once one only onto open optimize or organize original other " +
    "others otherwise our out outside over override own pack parse particularly pass paste per perform " +
    "perhaps pick place plan play please point poll popular prefer prepare " +
    "press prevent print probably process produce protect provide publish " +
    "pull push put quite rather read really rebuild recall receive recent recommend record redirect reduce " +
    "refer refresh reinstall reject release reload remember remove rename render replace report request require " +
    "rerun reset resolve restart restore result resume retain retrieve retry return reuse " +
    "reveal review rewrite run same save say schedule scroll search second " +
    "see seek select send serve set several shall share she should show sign similarly simplify since " +
    "skip so some somebody someone something sometimes soon southern specify split standard " +
    "start still stop store stream study submit subscribe such support suppose switch sync tag take target tell " +
    "test than thanks that the their them then there thereby therefore these they third this those though " +
    "three through throughout throw thus till to today together toggle too toward trace track train " +
    "transfer transform translate treat trigger trim try turn two typical typically under understand undo " +
    "uninstall unless unlike until up update upgrade upload upon upper us use using usually validate " +
    "various verify very via view visit wait want was watch we well were western what whatever when whenever " +
    "where whereas whether which while who whole whom whose why will with within without worse worst would write " +
    "yes yet you young younger your"
  ).split(" "),
);

/** Ordinary nouns and adjectives that an ending does not tell from names. */
const COMMON_WORDS: readonly string[] = (
  "able abroad absence abundance academic acceptance accidents accountants accuracy acid acoustic " +
  "acronyms acute adaptive addresses adequate adjacent admins adults advance advice advocates aerial " +
  "afternoon aggregate aggressive agile agriculture aid aircraft airlines airports alarm albums alerts " +
  "algorithms alien allowances alphabet alternate altitude altogether amateur ambulances ample analysts " +
  "anger angles ankle anniversary antibiotics anxiety anyway apparent appeals appearance appetite " +
  "apples appliances applicants apprentices appropriate approval aquatic architects archives arms army " +
  "arrays arrests arrivals arrows artefacts articles ash aspects assault assets assistance astronauts " +
  "asylum athletes athletic atmosphere atoms attacks attendance attendees attitudes audiences audits " +
  "aunts autonomy autumn awards backups bacteria bad baggage bail ballots bamboo bananas bands " +
  "bankruptcy banks barrels baseline basins batches battles bays beaches beams beans bears beauty " +
  "bedrooms beef beer bees beetles behavior behaviour beliefs bells belts benches benchmarks benefits " +
  "bets bias bicycles bids bikes billions bills biology biomass bird birds births blame blind blogs " +
  "blood boards boats bombs bonds bones bonuses boreholes bowls boxes boys braces brains branches " +
  "brands bravery breaches bread breakfast breath brew brick bridges bright broadband broadcast bronze " +
  "budget budgets buds bullets bursts buses bushes businesses busy butter buttons bytes cabinets cabins " +
  "cables cafes calcium calendars cameras campaigns campuses canals candles capital carbon cargo " +
  "carpets cartels cash catalogues cattle caves censuses centres certificates chains chairs champagne " +
  "champions changelogs charges charts cheap cheese chefs chemistry cheques chess chicken chiefs " +
  "childhood chimneys chips chocolate choice choices cholesterol chromosomes churches cinema cinemas " +
  "circles circuits citizens civil civilian civilians claims classes classrooms clauses clay clearance " +
  "cliffs climate clinical clinics clocks closures clothes clubs coaches coal coasts cocoa coffee " +
  "cognitive coins collapse colleagues colleges comets comfort commerce committees comparison " +
  "competence competitive complaints compliance compromise concept concern concerns concerts concrete " +
  "conduct conferences confidence conflict consensus consent consequences conservatives consistency " +
  "consortium conspiracy constants consultants contests continental contracts contrary convenience cool " +
  "coordinates copper copyrights coral corn cosmetics cottages cotton councils couples coupons courage " +
  "courtesy courts cows craft crashes creatures credit crew crews cricket crime crimes criteria crops " +
  "crowds cruise crystals cubes currency curves custody cycles dairy dams danger dark dashboards " +
  "deadlines deaths debate debates debris debts decades decay decline decor deer defence defendants " +
  "defense deficiency deficits degrees delays delegates deliberate delivery demand demands democracy " +
  "demographic departure dependence deposits depths derivatives descendants deserts desks diabetes " +
  "diagnosis diagrams dialogs dialogue diamond diesel diets difficulty dinner dinosaurs diplomacy " +
  "diplomats directives disaster discipline discounts discovery diseases dismissal disputes dividends " +
  "divorces dose doses doubt doubts dozens drainage drama dreams dress drones drought droughts drugs " +
  "dry ducks dusk dust duty ears earthquakes ease ecology economy ecosystems eggs electoral electrons " +
  "elegance elephants elite elsewhere emergency emphasis empirical endpoints endurance energetic energy " +
  "enthusiasm entrepreneurs envelopes environmental enzymes epidemics episodes essays ethical ethnic " +
  "eventual evergreen everyday evil exams excess excuses executives exercise existence exotic expenses " +
  "expertise expiry explosives exposure extent eyes eyewitnesses fabric faces facial faculty fair fake " +
  "fame familiar famine fares farms fashion fat fate fauna fears feedback fees feet female females " +
  "fences fever fewer fiber fibre firewalls fireworks firms fiscal fish fishermen flames flights flocks " +
  "flood floods flora flour fluid flux foliage folk footage football footnotes footpaths forecasts " +
  "forestry forests forever formulas fortunes fossils foxes frameworks fraud frauds freedom freight " +
  "friendship frogs frost fruit fuel funds funerals fungi furniture gains gallons gangs garages gardens " +
  "garlic gas gases gates gateways gear gender generics genes genius genres gestures ghosts giant gifts " +
  "glass glasses gloves glucose goats governance grades graduates graffiti grain grammar grandparents " +
  "grasses graves greenhouse grids grief growth guarantees guerrillas guests guidance guidelines guilt " +
  "guitars gunmen guns gyms habitats habits hair halfway halls halves harbours hardware harm harvests " +
  "hate hazards headaches headlines healthcare hearts heavyweights hedges heights heirs helmets herbs " +
  "herds heritage heroes highways hikes hills holes holidays homework honesty honey hopes hormones " +
  "horror horses hospitals hostages hotels households hubs humour hunger hurdles hurricanes hydro " +
  "hydrogen hygiene hypotheses ice ideal ideology illegal illnesses immediate immigrants immune impacts " +
  "inadequate incentives incidence indexes indices infantry infants inferior influenza informal " +
  "infrastructure ingredients inhabitants inheritance initiatives ink innocence insects insights " +
  "insomnia institutes insulin intellectuals intelligence intermediate internet intervals interviews " +
  "invoices iron islands jackets jails jazz jets jewellery jewels jokes journeys judges juice justice " +
  "juveniles kidneys kilograms kilometres kindergartens kitchens knees knights knives knowledge labor " +
  "labour lakes lambs lamps landlords landmarks landscapes landslides lanes laptops latency laughter " +
  "laundry lawsuits layoffs leadership leaflets leaks leather lectures legitimacy legs leisure lemons " +
  "lengths lenses lessons liberals liberty librarians licences lifetime lifts likewise limestone linen " +
  "lions lipids liquid liquids literacy literary literature livestock loans losses lottery loud loyalty " +
  "luggage lunch lungs luxury machinery magazines magnets maintenance malaria malware mammals mandates " +
  "manifest mankind manufacture manuscripts marathons marble margins marine marriage marriages matches " +
  "mathematics meals measles meat mechanics medals medicine medicines membership menus merchandise " +
  "merchants merit metals meteorites mice microscopes midnight midway midwives migrants milestones " +
  "militants military milk mill millennia millions minerals mines miracles misconduct missiles mistakes " +
  "mixtures moisture molecules monarchs monkeys monks moons morale morphology mosquitoes motorways " +
  "mountains mouth mud multinational muscle muscles museums mushrooms musical musicians myths nails nap " +
  "narcotics narrative narratives narrow nationwide naval nearby neck needles neighborhoods " +
  "neighbourhoods neighbours nephews nerves nests nets neurons newborns niche nickel nitrate nitrogen " +
  "nobles noise nominees noon norms noses notebook notebooks novels nowadays nuclear nuclei nuisance " +
  "nurses nutrients nuts oak oath oats obstacles occupants oceans odours offences offense oil oilfields " +
  "olives onions onset opera operas opinion opinions opponents opposite optics oral oranges orbits " +
  "orchards orchestras ores organic organs origin origins orphans outages outbreaks outcome outcomes " +
  "outdoor outlets outrage ovens overnight overtime owls ownership oxygen packets pain paint palaces " +
  "palm pandemics panic parades parasites parcels pardons parks parliamentary passages passports " +
  "passwords pasta patches patents patience patrols payload payrolls peace peaks pearl peasants pedals " +
  "pedestrians penguins pepper perfect perfume perimeter permafrost pests petrol pets phenomena " +
  "philosophy phrases physics piano pigeons pigs pills pilots pirates pitches pixels pizza plague " +
  "plaintiffs planes plaques plasma plastic platinum playback playwrights pledges plenty plots plugins " +
  "plutonium pneumonia pockets pods poems poison polar poles police politicians politics pollen " +
  "pollutants ponds poorer pork portraits postage potatoes pots pottery poultry poverty powder praise " +
  "precedence precise preferences prefixes pregnancy pregnant prejudice premature premieres premium " +
  "premiums presence presidency presidential pressure pressures prestige prevalence prey pride priests " +
  "primitive principle principles prisons privacy privileges probes processes profits profound " +
  "programmes progress prominent propaganda proper proponents proposals prose prospects proteins " +
  "protestants protests protocol protocols provinces psychology pubs pulse pumpkins pumps pupils " +
  "pyramids quakes quarantine quarry quarter questionnaires quiet quotas rabbits races racks radar " +
  "radio radioactive radius rafts rage raids rail railroads railways rain rainbows rainfall rainforests " +
  "ramps ranches ranks ratio rationale ratios rats rays reading realistic rear rebates rebellion rebels " +
  "receipts recipes recipients recovery recruits redundancy reeds reefs referees referendums referral " +
  "reform reforms refugees refund refunds refusal regimes regret reign relays reliance relief religion " +
  "renewal renewals rental rentals rents repair repairs replicas representatives reptiles republicans " +
  "rescue reservoirs residential resistance resonance respondents restraint retail retirees revenge " +
  "revenue revenues reversal rhetoric rhythm ribbons rice ridges rifles rinks riots risk risks ritual " +
  "rituals rivals road roads roadworks robbery robots rockets rocks rods roofs rooms ropes routine " +
  "routines royalty rubber rubbish rugby ruins rumours rural sabotage sacks sacrifice safeguards safety " +
  "salads sales salmon salt sanctuary sand satellite satellites sausages scandals scenarios scenes " +
  "scents schemes scholars scholarship scouts scripture sculpture sculptures seafood seals seaports " +
  "seawater secondary secrecy secret secrets seismic seldom semantics seminars senior sergeants sermons " +
  "serum servants sewage sexes shadows shallow shame shampoo shards sharks sharp sheep shepherds " +
  "sheriffs shields shifts shipwrecks shirts shock shoes shops shore shores shortages shots shovels " +
  "shrimp shrines shrubs shuttles sidewalks sieges sights silence silicon silk silos silver sinks " +
  "sirens sketches skills skin skins skirts skulls slavery slaves slides slogans slopes slots slums " +
  "smaller smallpox smartphones smog smoke snails snakes snow snowfall soap soccer sociology socks " +
  "sodium soils solar solids solos solvents songs sonnets soot sorrow souls sovereignty soy spacecraft " +
  "spam sparks specimens spectra spectrum speech speeches spells sperm spices spies spikes spinach " +
  "spirits spokespeople sponsorship sports spots spouses spreadsheets squads squares squirrels stadia " +
  "stadiums stains stairs stakes stalls stamps stanzas starch statues statutes steady steam steel stems " +
  "steppes stereotypes steroids stigma stimuli stock stocks stomach stone stones storms strains straw " +
  "streetcars strength stress strikes strokes struggles studios stunts submarines subsidy substances " +
  "substitutes subtitles suburbs subways successes suffixes suffrage sugar suicide suicides suites " +
  "sulfur sulphur summits sunlight sunrise sunset supermarkets surgeons surgery surnames surplus " +
  "surpluses surprise surveillance surveys suspects suspicion swamps swans sweat sweets switches swords " +
  "sympathy synagogues synthesis synthetic tablets tactics tails takeoff talent talents tanks tapes " +
  "tariffs taste taxes taxis tea teacher teamwork tears technicians technique techniques teeth telecoms " +
  "telegrams telephone telephones telescopes temper temples tempo tenants tennis tenure terminal " +
  "terminals terrain terror testimony textbooks textiles texture theatre theatres theft thefts themes " +
  "theology therapy thereafter therein thereupon thermal thick thieves thin thirst thorough thrones " +
  "throughput thumbs thunder tides tiles timber timestamps tin tiny tires tissue tissues tobacco " +
  "toilets tolerance tolls tomatoes tombs tonnes tons topography topsoil torches tornadoes torpedoes " +
  "torture towels towns townspeople toxic toxins toys trademarks tragedy trails trainees traits trams " +
  "tramways transparency transparent transplants transport trauma treasures treasury treatise trends " +
  "trials tribes tribute trillions trips triumph troops tropical trout trucks trustees tsunamis " +
  "tuberculosis tubes tulips tumours tuna tunnels turbines turbulence turnout turnover turtles twins " +
  "typefaces typhoons tyranny tyres ultraviolet umbrellas umpires uncertain uncertainty uncles " +
  "underwater uniform uniforms unilateral unions unity unknown unrest upstairs uranium urgency urine " +
  "utterances vaccine vaccines vacuum valleys valves vapor vapour vaults vegetables vegetarians vehicle " +
  "vehicles veins ventures venues verbs verdicts vessels veterans veto vices victims viewpoints " +
  "villages vinegar vines vineyards violence violent violins viral virgin virtue virtues viruses visas " +
  "vitamin vitamins vocabulary vocational voices volcanic volcanoes voluntary vowels voyages wages " +
  "wagons wallets warehouses warmth wasps watchdogs watches waterfalls waterways waves wax wealth " +
  "weaponry weapons wears weather weeds weekends welfare wet wetlands whales wheat wheels whereby " +
  "wherein wherever whichever whisky whoever wholesale widgets widows wildfires wildlife wilful willow " +
  "wind windmills winds wine wings wisdom wishes witnesses wizards wolves womb wood wooden woods wool " +
  "workflow workflows workforce workload workloads workshops worms worship wounds wreckage wrists " +
  "yachts yards yarn yeast yields yogurt youth zebras zinc zoos"
).split(" ");

/**
 * Ordinary words that begin sentences of reports. An unlisted word without an ordinary ending counts as a name: a false
 * alarm costs a rewrite, but no swapped name passes.
 */
export const SENTENCE_OPENERS: ReadonlySet<string> = new Set([
  ...WORDS_BEFORE_NAMES,
  ...COMMON_WORDS,
  ...(
    "additional administrative advantage agent alternative amount analytics animal argument artificial attribute automatic " +
    "average balance basic basics beneficial candidate chemical client commercial component computational conditional " +
    "content convenient conventional coverage credential critical culture cultural dependent difference digital distance " +
    "distinct document dynamic economic effective efficient electric electronic element employee environment essential " +
    "ethics evidence excellent exclusive expensive experience experiment exponential extensive external failure feature " +
    "federal finance financial foreign formal fundamental functional general genetic global graphics historic " +
    "historical identical importance important incident independent individual industrial influence instance insurance intelligent " +
    "interactive internal intervention language legal logical manual marginal massive material maximal mechanical " +
    "medical mental message metrics minimal moderate moral mutual national native natural negative " +
    "neural nominal numerical objective official optional original parent partial participant passive patient " +
    "percentage performance permanent persistent personal perspective physical political positive potential practical present " +
    "previous principal procedural procedure professional public radical rational recent reference regional relative " +
    "relevant residual resident resource restaurant science scientific sensitive sentence sequence sequential serial " +
    "several significant signature social special specific spiritual statement static statistical statistics storage " +
    "strategic structural structure student subsequent substantial successive sufficient survival symptom tactical technical " +
    "temperature temporal tentative topic traditional traffic transient treatment tutorial typical universal urban " +
    "usage vertical virtual visual vital voltage " +
    "actor author actress composer writer singer king queen pope president poet painter professor doctor director editor emperor saint prince princess duke lord lady sir captain colonel senator mayor minister engineer philosopher physicist chemist mathematician economist historian journalist developer founder researcher critics fans users developers researchers scientists royal legendary ancient contemporary medieval famous international traditional think " +
    "accepted according account act actual additional age ago air annual answer app append approach april are " +
    "area art audio auto aware b background base based basic become being best better big block body book boot " +
    "bottom branch break brief broad brother browser bug built bulk c cache came capture car care carry case cat " +
    "catch cause cell central certain chance channel child children city class clean client cloud code cold color " +
    "colour column come command comment commit complete config content context continue control cookie core " +
    "correct cost count country course cover crash critic cross custom daily damage data database date daughter " +
    "day dead deal decide deep default depend desktop detail detect dev device different direct directory disk " +
    "document dog domain done door double draft dynamic earth easy edge effect eight eleven email embed emit " +
    "empty end engine enjoy enough entire entry env equal error escape especially estimate event evidence exact " +
    "example exchange exist exit expert external extra fact fail failure fall false family fast father fathers " +
    "feature feed field fifteen fifth fifty fight figure file film final fine finish fire fit five flag flat flow " +
    "focus font food foreign form forty forward found four fourth frame free fresh friend front function future " +
    "game gap generate girl git global go goal going gold got government graph green ground group grow guard " +
    "guide half hand happen hard hash head header health hear heat heavy help high history hit home hook host hot " +
    "hour config huge human hundred husband icon idea image impose income index individual info initial inner " +
    "input instance interest interface internal introduce invalid issue item january job journal json july june " +
    "kernel key kid kind know known label lack land language large law layer layout lead left legacy legal letter " +
    "level library license life light line linux little live logic long loop lose loss lot low machine macro mail " +
    "main male man man's manual map march mark market mass matter max maximum media meet member memory men " +
    "message meta metadata method middle mind minimum minor minute miss mobile mode model module moment monday " +
    "money month more mother mothers mouse movie multi multiple music natural nested network news night nine node " +
    "non normal north november null number object observe october odd offer office official ongoing opt option " +
    "order ordinary outer output overall overflow owner package page pair panel paper paragraph parallel parent " +
    "part particular partner past patch path pattern pause pay peer people people's percent period permit person " +
    "phase phone physical picture piece pin pipe pipeline plain plant platform plus policy pool poor port " +
    "position possible post power practice pre prefix present preview previous price primary prior private " +
    "problem procedure proceed product profile program project promise prompt proof property propose prove " +
    "provided proxy public purchase pure purpose quality query question queue quick quote random range rapid rare " +
    "rate raw re reach react ready real reason red reference refuse regard regardless register regular relate " +
    "rely remain remote repeat reply repository required research reserve resource respect respond response rest " +
    "reverse revert rich right ring river role roll root round route router row rule runtime safe sample scale " +
    "scan schema school science scope score screen script sea season seat section secure seed seem segment self " +
    "sell sense separate september serial server service session setting setup seven severe shape shared shell " +
    "ship short shut side signal silent similar simple simply single sister site six size sleep slow small smart " +
    "snapshot social socket soft software solve somewhat son sort sound source south space spawn spec special " +
    "speed sql staff stage stale star startup state static status stay step storage story street strict string " +
    "strip strong structure student style sub subject sudden suggest suit sum summary summer sun sunday super " +
    "supply sure surface suspend swap symbol syntax system tab table talk task team template ten tend term text " +
    "thank thing thirteen thirty thought thousand thread threshold ticket time timeout tip title token tool top " +
    "topic total touch trade traffic travel tree true trust truth tune twelve twenty twice type unit unused url " +
    "usage useful user usual utility valid value variable vast vector version video virtual volume vote wake walk " +
    "wall war warm warn waste water way weak web website week weight went west white wide width wife wild win " +
    "window winter woman women wonder word work worker workspace world wrap wrong year yellow yesterday zero zone"
  ).split(" "),
]);

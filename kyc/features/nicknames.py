"""Short and pet names, and spellings of one name that no typing error explains."""

# Each line is one name; a short name may belong to several.
_GROUPS = """
alexander alex aleksander aleksandr alejandro alessandro iskander sasha sascha xander alec
alexandra aleksandra sandra sasha alessandra
andrew andy drew andreas anders andrei andriy andrzej andre
anthony tony anton antonio antoine anthon
barbara barb babs
benjamin ben benny bibi benjie binyamin
catherine kate katie cathy kathy katherine kathryn katarina ekaterina yekaterina katya katja
charles charlie chuck carl karl carlos karel
christian chris kristian christer krister
christine chris tina kristine kristina christina
christopher chris kristoffer christoffer kristof
daniel dan danny daniil
david dave davey davit dawid dawood daud dawud
deborah deb debbie
dmitry dmitri dima dimitri dimitrios dmitriy
donald don donny
edward ed eddie ned ted eduard edvard eduardo
elizabeth liz beth betty lisa eliza elisabeth elsbeth else lise elisaveta yelizaveta
eugene gene yevgeny evgeny evgeni yevgeniy evgeniy zhenya
francis frank francois francisco franz paco pancho frans
frederick fred freddy frederik fritz friedrich
george jorge georg giorgos georgios georgy yuri jorgen joergen georgi jiri
gerald gerry jerry
gregory greg grigory grigori gregor grisha
harold harry hal
henry hank harry henrik heinrich enrique henri
irina ira irene
isabel isabella bella elisabel
jacob jake yakov iakov jakob jacques yaqub
james jim jimmy jamie jaime jacques diego
jennifer jen jenny
john jack johnny johan johannes jan jens ivan vanya ian sean juan joao giovanni jean hans yahya
jonathan jon jonny
joseph joe joey jose josef iosif yusuf youssef yusef yousef giuseppe pepe josip
joshua josh
judith judy
katerina katya
kenneth ken kenny
konstantin kostya constantine costa
lawrence larry laurence lars lauritz laurits lorenzo
leonid lenya leo
leonard leo len lenny leonardo
louis lou luis ludvig ludwig luigi lewis
lyudmila ludmila lyuda mila
margaret maggie meg peggy margrethe grethe margaretha margarita rita
maria mary marie mariya masha mia maryam miriam
mark marc marcus markus marco marko
martin marty martijn marten morten
matthew matt matthias mathias mads mats matteo matvei
maximilian max maxim maksim
mehmet mohammed muhammad mohamed mohammad mohamad muhammed mohd md magomed mahomet mohamud mahamat
michael mike mick mickey mikhail misha mikael michel miguel michal mikkel
natalia natasha natalie nataliya natalya
nathaniel nathan nat nate
nicholas nick nicky nikolai nikolay kolya nicolas nils niels klaus nicolai nikolaos mykola
nicole nikki
olga olya
oleksandr aleksandr alexander olexandr
oleksiy aleksei alexei alexey alyosha lyosha
pamela pam
patricia pat patty tricia
patrick pat paddy padraig
paul pavel pasha paulo pablo pavlo poul pal paolo
peter pete petr pyotr petro pedro piotr per peder pierre pietro
philip phil philippe filip felipe
raymond ray ramon
rebecca becky
richard rick ricky dick rich ricardo rickard rikard
robert rob robbie bob bobby bert roberto rupert
roman roma
ronald ron ronny
samuel sam sammy samuil
sergey sergei serge sergio serhiy seryozha sergii
stephen steve stephan stefan steven esteban etienne stepan steffen stjepan
susan sue suzy susanne susanna
svetlana sveta
tatiana tanya tatyana
theodore ted teddy theo fyodor fedor teodor feodor
thomas tom tommy tomas tomasz foma
timothy tim timmy timofei
vasily vasya basil vasiliy vasyl
victor viktor vitya vic
vincent vince vicente
vladimir volodymyr vova volodya wladimir
vladislav vlad slava wladyslaw
vyacheslav slava viacheslav
walter walt wally
william bill billy will willy liam wilhelm vilhelm guillaume guillermo willem
yuri yury iouri jurij yuriy iurii
zachary zach zack
ahmed ahmad achmed achmad ahmet
abdullah abdallah abdulla abdollah
hussein husayn hossein hussain huseyin husain
hassan hasan hasen
ibrahim abraham ebrahim avraham
ismail esmail ismael ismaeel
jamal gamal djamal cemal
khalid khaled halid chalid
mustafa mostafa moustapha mustapha
omar umar omer
osama usama oussama
othman uthman osman ousmane
qasim qassem kasim kassem ghasem
said saeed saed sayyid syed
suleiman sulayman solomon soleiman suleyman
yahya jahja yehia
zayn zain zein zine
"""
_names: dict[str, set[int]] = {}
for _number, _line in enumerate(_GROUPS.strip().splitlines()):
    for _word in _line.split():
        _names.setdefault(_word, set()).add(_number)


def one_name(a: str, b: str) -> bool:
    """Whether two words are forms of one name."""
    return not _names.get(a, _NONE).isdisjoint(_names.get(b, _NONE))


_NONE: frozenset[int] = frozenset()

a
b
c <?cs nothing:x ?>
